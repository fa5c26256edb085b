// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import JSON
import Training

/// `hadal data stats`.
struct DataStatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show what shards hold and where it comes from.",
    discussion: """
      Documents, tokens, bytes, duplicates that were dropped, and all that source by source. With
      --check every byte is read and held against its hash.

        hadal data stats shards
        hadal data stats shards --check --json
      """
  )

  @Argument(help: ArgumentHelp("The folder of the shards.", valueName: "shards"))
  var folder: String

  @Flag(help: "Read every byte and hold it against its hash.")
  var check = false

  @OptionGroup var options: DataOptions

  func run() throws {
    let shards = try ShardFolder(path: folder, verifies: check, pool: options.pool())
    let index = shards.index
    if options.json {
      return try Output.json(
        .object(
          [("shards", .string(folder))] + index.members + [
            ("checked", .boolean(check)),
            ("sources", .array(index.sources.map(\.json))),
            ("files", .array(index.shards.map(\.json))),
          ]
        )
      )
    }
    for line in index.lines { try Output.line(line) }
    try Output.line("")
    for row in table(index) { try Output.line(row) }
    if check { try Output.line("\nall \(index.shards.count) shards are as they were written") }
  }

  private func table(_ index: ShardsIndex) -> [String] {
    let head = ["documents", "tokens", "bytes", "dropped", "license", "source"]
    let rows = index.sources.map { source in
      let counts = source.counts
      let dropped =
        counts.exactDuplicateCount + counts.nearDuplicateCount + counts.refusedCount
        + counts.unansweredCount
      return [
        "\(counts.documentCount)", "\(counts.tokenCount)", "\(source.byteCount)", "\(dropped)",
        source.license ?? "-", source.path,
      ]
    }
    let widths = head.indices.dropLast().map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([head] + rows).map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let room = String(repeating: " ", count: cell.1 - cell.0.count)
        return column < 4 ? room + cell.0 : cell.0 + room
      }
      return (cells + row.suffix(1)).joined(separator: "  ")
    }
  }
}

extension ShardsIndex {
  /// Bytes of text a token, 0 where there is none.
  private var bytesPerToken: Double {
    counts.tokenCount == 0 ? 0 : Double(counts.documentByteCount) / Double(counts.tokenCount)
  }

  /// The sums, as commands print them with `--json`.
  var members: [(String, JSONText)] {
    let licenses = Set(sources.map { $0.license ?? "" }).sorted()
    return [
      ("documents", .integer(counts.documentCount)),
      ("tokens", .integer(counts.tokenCount)),
      ("bytes", .integer(counts.documentByteCount)),
      ("bytes_per_token", .double(bytesPerToken)),
      ("vocabulary", .integer(vocabularyCount)),
      ("exact_duplicates", .integer(counts.exactDuplicateCount)),
      ("near_duplicates", .integer(counts.nearDuplicateCount)),
      ("refused", .integer(counts.refusedCount)),
      ("unanswered", .integer(counts.unansweredCount)),
      ("validation_documents", .integer(documentCount(.validation))),
      ("validation_tokens", .integer(tokenCount(.validation))),
      ("loss_tokens", .integer(shards.reduce(0) { $0 + $1.lossCount })),
      ("licenses", .array(licenses.map { $0.isEmpty ? .null : .string($0) })),
      ("tokenizer", .string(tokenizerDigest)),
      ("identity", identity?.json ?? .null),
    ]
  }

  /// The sums, as commands print them for people.
  var lines: [String] {
    let counts = counts
    let hundredths = Int((bytesPerToken * 100).rounded())
    let fraction = hundredths % 100
    let ratio = "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    return [
      "\(counts.documentCount) documents, \(counts.tokenCount) tokens, "
        + "\(ByteCount.text(counts.documentByteCount)), \(ratio) bytes a token",
      "dropped: \(counts.exactDuplicateCount) equal, \(counts.nearDuplicateCount) nearly equal, "
        + "\(counts.refusedCount) refused, \(counts.unansweredCount) without an answer",
      "validation: \(documentCount(.validation)) documents, \(tokenCount(.validation)) tokens",
      identity.map { record in
        "identity: \(record.hitDocumentCount) documents with claims, \(record.droppedCount) dropped, "
          + "\(record.rewrittenCount) rewritten, \(record.acceptedCount) accepted; allowed: "
          + record.allowed.joined(separator: ", ")
      } ?? "identity: unchecked",
    ]
  }
}
