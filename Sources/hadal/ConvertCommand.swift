// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Checkpoints
import Diagnostics
import Hub
import Inference
import JSON
public import Models

extension CheckpointConversion.Target: ExpressibleByArgument {}

/// `hadal convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a checkpoint again in FP8 or BF16.",
    discussion: """
      IN is a checkpoint's folder, a hub's org/name or nano, which is within the program, OUT a
      folder that does not exist yet; it appears when it is whole, and nothing is ever overwritten.
      fp8 stores the projections of layers as E4M3 in blocks of 128 × 128 with weight_scale_inv
      beside them, as DeepSeek-V3 is published: half the bytes a token of BF16. bf16 stores
      projections, embedding and head as BF16. Norms, routers and biases stay as they are, and all
      other files are copied. The weights go through memory a few rows at a time; how much that
      takes is said first.

        hadal convert --to fp8 FOLDER FOLDER-fp8
        hadal convert --to bf16 OLD-PYTORCH-FOLDER NEW-FOLDER
      """
  )

  @Option(help: "What matrices become: fp8 or bf16.")
  var to: CheckpointConversion.Target

  @Argument(
    help: ArgumentHelp(
      "The checkpoint's folder, org/name[@revision], or nano.",
      valueName: "in"
    )
  )
  var source: String

  @Argument(help: ArgumentHelp("The folder to write, which must not exist.", valueName: "out"))
  var target: String

  @Flag(help: "Print one JSON object a line: the model, then each file of weights.")
  var json = false

  @OptionGroup var unused: UnusedModelOptions

  func run() throws {
    let place = try ModelPlace.folder(of: source, needing: .weights)
    let conversion = try CheckpointConversion(of: CheckpointFolder(path: place), to: to)
    try announce(conversion)
    var progress = Progress("converting", total: conversion.workByteCount)
    defer { progress.clear() }
    let isWhole = try conversion.run(
      to: target,
      while: { done in
        progress.show(done)
        return !Interruption.isRequested
      },
      finished: { file in
        progress.clear()
        try show(file)
      }
    )
    if !isWhole { try Interruption.check() }
  }

  /// Says what the work takes before it begins.
  private func announce(_ conversion: CheckpointConversion) throws {
    if json {
      return try Output.json(
        .object([
          ("model", .string(target)),
          ("to", .string(to.rawValue)),
          ("bytes", .integer(conversion.byteCount)),
          ("peak_memory_bytes", .integer(conversion.peakByteCount)),
        ])
      )
    }
    let (peak, bytes) = (conversion.peakByteCount, conversion.byteCount)
    try Output.line("peak memory \(ByteCount.text(peak)) beside the program's own")
    try Output.line("writes \(ByteCount.text(bytes)) of weights to \(target)")
  }

  private func show(_ file: CheckpointConversion.File) throws {
    guard json else {
      return try Output.line(
        "\(file.name)  \(ByteCount.text(file.byteCount)), \(file.tensorCount) tensors"
      )
    }
    try Output.json(
      .object([
        ("file", .string(file.name)),
        ("bytes", .integer(file.byteCount)),
        ("tensors", .integer(file.tensorCount)),
      ])
    )
  }
}
