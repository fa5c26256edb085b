// SPDX-License-Identifier: Apache-2.0

import JSON
import Ledger
import Storage

/// One run of a model's training: what it learned from, what that cost, and which rows say so.
struct LabelStage: Hashable {
  /// What the ledger says of the head that a checkpoint keeps.
  enum Verdict: String, Hashable, CaseIterable {
    /// The row is there, and the signature is genuine.
    case found = "in this ledger"
    /// The chain or the row is not here.
    case absent = "not in this ledger"
    /// This ledger has another row of that number.
    case contradicted = "this ledger has another row there"
    /// The signature is not the key's.
    case forged = "the signature is not that of the key"
  }

  /// The run's name.
  var run: String?
  /// The hash of the recipe.
  var recipe: String?
  /// Pretraining, or fine-tuning.
  var stage: String?
  var cost = LabelCost()
  /// The sources, the first thousand.
  var data: [LabelSource] = []
  /// How many sources there are; nil where nobody knows.
  var sourceCount: Int?
  /// The head of the chain as the checkpoint keeps it.
  var head: SignedHead?
  var verdict: Verdict?
  var rows: [RowRange] = []
  /// The checkpoint that it went on from.
  var start: String?
  /// Whether no row shows it, and whoever published the model says so.
  var isStated = false

  /// Reads the record of a checkpoint, and finds the rows of its run.
  ///
  /// - Parameters:
  ///   - record: The object of `record.json`, or what a later run kept of it.
  ///   - recipe: The recipe that the checkpoint's state names, where the record has none.
  ///   - index: The ledger.
  /// - Throws: `StorageError` or `LedgerError` where the ledger cannot be read.
  init(record: JSONValue, recipe: String? = nil, _ index: LedgerIndex) throws {
    let origin = record["origin"]
    run = record["run"]?.string
    self.recipe = origin?["recipe"]?.string ?? recipe
    stage = origin?["stage"]?.string
    data = origin?["data"]?.array?.compactMap { LabelSource($0) } ?? []
    sourceCount = origin?["sources"]?.integer
    start = origin?["from"]?["path"]?.string
    head = try? SignedHead(record)
    guard let digest = self.recipe else { return }
    let found = try index.rows(LedgerFilter(recipe: digest)).map(\.chained)
    let own = found.filter { row in
      guard !row.row.isPlan else { return false }
      // Rows of later steps are none of this checkpoint's.
      if let head, row.writer == head.writer { return row.n <= head.head.n }
      return record["time"]?.string.map { row.row.time <= $0 } ?? true
    }
    cost = LabelCost(own)
    rows = RowRange.all(own)
    verdict = head.map { Self.verdict($0, found) }
  }

  private static func verdict(_ head: SignedHead, _ rows: [ChainedRow]) -> Verdict {
    guard head.isGenuine else { return .forged }
    // The last row of a checkpoint is one of its run.
    let row = rows.first { $0.writer == head.writer && $0.n == head.head.n }
    guard let row else { return .absent }
    return row.hash == head.head.hash ? .found : .contradicted
  }

  /// Reads a stage of a label that somebody published; nil where it is none.
  init?(stated value: JSONValue) {
    guard value.object != nil else { return nil }
    run = value["run"]?.string
    recipe = value["recipe"]?.string
    stage = value["stage"]?.string
    cost = LabelCost(value)
    data = value["data"]?.array?.compactMap { LabelSource($0) } ?? []
    sourceCount = value["sources"]?.integer ?? data.count
    head = value["head"].flatMap { try? SignedHead($0) }
    rows = value["rows"]?.array?.compactMap { RowRange($0) } ?? []
    start = value["from"]?.string
    isStated = true
  }

  var json: JSONText {
    .object(
      [
        ("run", run.map(JSONText.string) ?? .null),
        ("stage", stage.map(JSONText.string) ?? .null),
        ("recipe", recipe.map(JSONText.string) ?? .null),
      ] + cost.members + [
        ("sources", sourceCount.map(JSONText.integer) ?? .null),
        ("data", .array(data.map(\.json))),
        ("from", start.map(JSONText.string) ?? .null),
        ("head", head?.json ?? .null),
        ("head_verdict", verdict.map { .string($0.rawValue) } ?? .null),
        ("rows", .array(rows.map(\.json))), ("stated", .boolean(isStated)),
      ]
    )
  }
}
