// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Evaluation
import JSON
import Ledger
import Models
import Storage

/// What a model was made of and what that cost, how good it is, and where each figure comes from.
///
/// Figures come from rows of the ledger, which are named. What no row shows may be stated by whoever
/// published the model, in `label.json` beside its weights; that is marked. The rest is unknown, and said
/// to be.
struct Label {
  /// As it was named.
  var model: String
  /// The hash of the weights.
  var weights: String?
  var architecture: String
  var parameters: ModelSummary.Parameters
  /// The runs of its training, the last one first.
  var stages: [LabelStage] = []
  /// What the whole of it is stated to have cost.
  var statedCost = LabelCost()
  var evaluations: [LabelEvaluation] = []
  /// Whether no row shows the evaluations, and whoever published the model says so.
  var evaluationsAreStated = false
  /// Where the files come from.
  var lineage: [String] = []

  /// The file of a label that is published with a model.
  static let fileName = "label.json"

  /// Makes the label of a model's folder.
  ///
  /// - Parameters:
  ///   - model: What it is called.
  ///   - folder: Its files.
  ///   - stated: The bytes of a label that was published with it.
  ///   - index: The ledger.
  /// - Throws: The error of a file that is broken, or of a ledger that cannot be read.
  init(_ model: String, folder: String, stated: [UInt8]?, _ index: LedgerIndex) throws {
    self.model = model
    let configuration = try CheckpointFolder.configuration(inFolder: folder)
    let description = try Architecture(configuration: configuration.root)
    let check = CheckpointCheck(try CheckpointFolder(path: folder), description)
    try check.requireLoadable()
    architecture = description.name
    parameters =
      ModelSummary(
        description,
        isTied: check.isTied,
        hasPredictionLayers: check.hasPredictionLayers
      ).parameters
    weights = try WeightsDigest.text(ofFolder: folder)
    stages = try Self.stages(of: folder, index)
    evaluations = try findEvaluations(index)
    if let stated { try fill(with: stated) }
    lineage = stages.compactMap(\.start)
  }

  /// The sum of all stages, filled in by what is stated.
  var cost: LabelCost {
    let sum = stages.dropFirst().reduce(stages.first?.cost ?? LabelCost()) { $0 + $1.cost }
    // A base that somebody else trained has cost something too.
    return (isFromScratch ? sum : LabelCost()).filled(by: statedCost)
  }

  /// Whether the first stage began with random weights.
  private var isFromScratch: Bool { !stages.isEmpty && stages.last?.start == nil }

  /// What nobody knows.
  var unknown: [String] {
    var names: [String] = []
    if stages.isEmpty || !isFromScratch || stages.contains(where: { $0.sourceCount == nil }) {
      names.append("all of the data")
    }
    let sources = stages.flatMap(\.data)
    if sources.contains(where: { $0.license == nil }) { names.append("the license of some data") }
    let cost = cost
    for (name, isKnown) in [
      ("tokens", cost.tokenCount != nil), ("hours", cost.hours != nil),
      ("energy", cost.kilowattHours != nil), ("money", cost.dollars != nil),
      ("evaluation", !evaluations.isEmpty),
      ("what it says of itself", evaluations.contains(where: \.isOfIdentity)),
    ] where !isKnown {
      names.append(name)
    }
    return names
  }

  // MARK: Where it comes from

  // LIMIT: nobody fine-tunes so often; a record that names itself ends here.
  private static let mostStages = 64

  /// The stages that a checkpoint's record tells of.
  private static func stages(of folder: String, _ index: LedgerIndex) throws -> [LabelStage] {
    var record = object(of: "\(folder)/record.json")
    let recipe = object(of: "\(folder)/state/cursor.json")?["recipe"]?.string
    var stages: [LabelStage] = []
    while let found = record, stages.count < mostStages {
      let isFirst = stages.isEmpty
      guard found["origin"]?.object != nil || isFirst && recipe != nil else { break }
      var stage = try LabelStage(record: found, recipe: isFirst ? recipe : nil, index)
      if isFirst, stage.cost.tokenCount == nil {
        // The rows are elsewhere; how far the run had come its state says.
        stage.cost.tokenCount = object(of: "\(folder)/state/cursor.json")?["tokens"]?.integer
      }
      stages.append(stage)
      record = found["origin"]?["from"]
    }
    return stages
  }

  private static func object(of path: String) -> JSONValue? {
    // LIMIT: a record of a thousand sources and some ancestors has less.
    guard (try? FileKind.of(path)) == .regularFile, let region = try? MemoryRegion(mapping: path),
      region.byteCount <= 16 << 20
    else { return nil }
    return (try? JSONDocument(region.copyBytes(0..<region.byteCount)))?.root
  }

  /// The newest row of each task that these weights were asked.
  private func findEvaluations(_ index: LedgerIndex) throws -> [LabelEvaluation] {
    guard let weights else { return [] }
    let rows = try index.rows(LedgerFilter(kind: .evaluate, weights: weights))
    var newest: [String: LabelEvaluation] = [:]
    for evaluation in rows.compactMap({ LabelEvaluation($0.chained) }) {
      newest[evaluation.result.task] = evaluation
    }
    return newest.values.sorted { $0.result.task < $1.result.task }
  }

  /// Takes from a published label what no row shows.
  private mutating func fill(with bytes: [UInt8]) throws {
    let root: JSONValue
    do { root = try JSONDocument(bytes).root } catch {
      throw Input.Failure(what: error.what, place: "\(Self.fileName), line \(error.line)")
    }
    // A label that was copied beside other weights says nothing of these.
    if let stated = root["weights"]?.string, let weights, stated != weights { return }
    if stages.isEmpty {
      stages = root["stages"]?.array?.compactMap { LabelStage(stated: $0) } ?? []
      statedCost = root["totals"].map { LabelCost($0) } ?? LabelCost()
    }
    if evaluations.isEmpty {
      evaluations = root["evaluation"]?.array?.compactMap { LabelEvaluation($0) } ?? []
      evaluationsAreStated = !evaluations.isEmpty
    }
  }
}
