// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Compute
import Hub
import Inference

extension ComputeType: ExpressibleByArgument {}
extension WeightResidency: ExpressibleByArgument {}

/// How all model commands compute and print.
struct ComputingOptions: ParsableArguments {
  @Option(help: "Threads to compute with (default: the machine's cores). Changes no result.")
  var threads: Int?

  @Option(help: "f32 or bf16 (default: bf16 for BF16 and FP8 checkpoints, else f32).")
  var compute: ComputeType?

  @Option(help: "Prompt tokens computed in one pass. Changes no result.")
  var prefillChunk = 512

  @Option(
    help: """
      mapped: weights stay in their files (default). resident: copied to huge pages first, which \
      takes their size in memory and speeds decode up by some 10 %. Changes no result.
      """
  )
  var weights: WeightResidency = .mapped

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Flag(help: "Print notices (bytes, kernel path) even where nobody watches.")
  var verbose = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), but must be 1…1024")
    }
    guard (1...65_536).contains(prefillChunk) else {
      throw ValidationError("--prefill-chunk is \(prefillChunk), but must be 1…65536")
    }
  }

  /// Loads a model; nil is the one within the program.
  func load(_ model: String?) throws -> LoadedModel {
    try LoadedModel(
      path: ModelPlace.folder(of: model, needing: .weights),
      device: try device(),
      computeType: compute,
      residency: weights,
      notice: notice
    )
  }

  /// The device that was asked for.
  func device() throws -> any Device {
    let path = try KernelPath.chosen()
    return try CPUDevice(threadCount: threads ?? ThreadPool.coreCount, path: path)
  }

  /// Tells a person at a terminal, or one who asked.
  func notice(_ line: String) {
    if verbose || (Output.errorIsTerminal && !json) { Output.errorLine("hadal: \(line)") }
  }
}
