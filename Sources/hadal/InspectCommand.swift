// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Checkpoints
import Compute
import Diagnostics
import Hub
import Inference
import JSON
import Models
import Terminal

/// `hadal inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a checkpoint is and needs.",
    discussion: """
      MODEL is a folder, a hub's org/name, nano, which is within the program, or a config.json
      alone. --check also reads every weight and ends with 1 where one is a NaN or an infinity.

        hadal inspect FOLDER
        hadal inspect config.json --json
        hadal inspect FOLDER --check
      """
  )

  @Argument(help: "A checkpoint's folder, org/name[@revision], nano, or a config.json.")
  var model: String

  @Flag(help: "Check every tensor, and every weight for NaN and infinity.")
  var check = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var unused: UnusedModelOptions

  func run() throws {
    if model.hasSuffix(".json") {
      guard !check else {
        throw ValidationError("--check takes a checkpoint's folder, not a config.json")
      }
      let document = try ConfigurationFile.read(model, label: model)
      let architecture = try Architecture(configuration: document.root, file: model)
      try show(Inspection(architecture, tensors: [], summary: ModelSummary(architecture)))
      return
    }
    let place = try ModelPlace.folder(of: model, needing: .weights)
    let configuration = try CheckpointFolder.configuration(inFolder: place)
    let architecture = try Architecture(configuration: configuration.root)
    let folder = try CheckpointFolder(path: place)
    let comparison = CheckpointCheck(folder, architecture)
    try comparison.requireLoadable()
    if check {
      try comparison.requireComplete()
      try checkWeights(of: folder)
    }
    let tensors = folder.names.compactMap { name in
      folder.tensor(name).map { (name, $0) }
    }
    let summary = ModelSummary(
      architecture,
      isTied: comparison.isTied,
      hasPredictionLayers: comparison.hasPredictionLayers
    )
    try show(Inspection(architecture, tensors: tensors, summary: summary))
  }

  private func checkWeights(of folder: CheckpointFolder) throws {
    var broken: [ModelError] = []
    var progress = Progress("checking", unit: .items("tensors"), total: folder.names.count)
    for name in folder.names {
      try Interruption.check()
      if let error = CheckpointCheck.nonFiniteWeight(name, in: folder) { broken.append(error) }
      progress.advance()
    }
    progress.clear()
    guard !broken.isEmpty else { return }
    for error in broken { ErrorReport.Parts(error).print() }
    if json, let first = broken.first { try Output.json(ErrorReport.Parts(first).json) }
    throw ArgumentParser.ExitCode(1)
  }

  private func show(_ inspection: Inspection) throws {
    if json {
      try Output.json(inspection.json)
    } else {
      try Output.text(inspection.text)
    }
  }
}

/// What `inspect` prints.
struct Inspection {
  let architecture: Architecture
  let tensors: [(name: String, tensor: Tensor)]
  let summary: ModelSummary

  init(_ architecture: Architecture, tensors: [(String, Tensor)], summary: ModelSummary) {
    self.architecture = architecture
    self.tensors = tensors
    self.summary = summary
  }

  var json: JSONText {
    let parameters = summary.parameters
    return .object([
      ("architecture", .string(architecture.name)),
      (
        "parameters",
        .object([
          ("total", .integer(parameters.total)),
          ("active", .integer(parameters.active)),
          ("active_with_embedding", .integer(parameters.activeWithEmbedding)),
          ("embedding", .integer(parameters.embedding)),
          ("mtp", .integer(parameters.prediction)),
        ])
      ),
      ("cache_bytes_per_token", .integer(summary.cacheByteCountPerToken)),
      (
        "flops_per_token",
        .object([
          ("linear", .integer(summary.linearOperationsPerToken)),
          ("attention_per_key", .integer(summary.attentionOperationsPerKey)),
        ])
      ),
      (
        "tensors",
        .array(
          tensors.map { name, tensor in
            .object([
              ("name", .string(name)),
              ("dtype", .string(tensor.elementType.safetensorsName)),
              ("shape", .array(tensor.shape.map(JSONText.integer))),
            ])
          }
        )
      ),
      ("context", .integer(architecture.contextLength)),
    ])
  }

  var text: String {
    let parameters = summary.parameters
    var lines = [
      "architecture          \(architecture.name) (\(architecture.modelType))",
      "parameters            \(grouped(parameters.total))",
      "  active a token      \(grouped(parameters.active))",
      "  with embedding      \(grouped(parameters.activeWithEmbedding))",
      "  embedding           \(grouped(parameters.embedding))",
    ]
    if parameters.prediction > 0 {
      lines.append("  prediction layer    \(grouped(parameters.prediction))")
    }
    lines += [
      "layers                \(architecture.layers.count)",
      "hidden size           \(architecture.hiddenSize)",
      "vocabulary            \(architecture.vocabularySize)",
      "context               \(architecture.contextLength) tokens",
      "cache                 \(ByteCount.text(summary.cacheByteCountPerToken)) a token",
      "operations            \(grouped(summary.linearOperationsPerToken)) a token, and "
        + "\(grouped(summary.attentionOperationsPerKey)) a cached token",
    ]
    if !tensors.isEmpty {
      let bytes = tensors.reduce(0) { $0 + $1.tensor.byteCount }
      lines.append("tensors               \(tensors.count), \(ByteCount.text(bytes))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func grouped(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(value).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
