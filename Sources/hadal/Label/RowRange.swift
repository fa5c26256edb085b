// SPDX-License-Identifier: Apache-2.0

import JSON
import Ledger

/// Rows of one chain that follow each other: what a figure of a label was added up from.
struct RowRange: Hashable {
  var writer: String
  var first: Int
  var last: Int

  /// As a label names them: `train 1–1064`.
  var text: String { first == last ? "\(writer) \(first)" : "\(writer) \(first)–\(last)" }

  var json: JSONText {
    .object([("writer", .string(writer)), ("first", .integer(first)), ("last", .integer(last))])
  }

  init(writer: String, first: Int, last: Int) {
    self.writer = writer
    self.first = first
    self.last = last
  }

  /// Reads what `json` writes; nil where it is something else.
  init?(_ value: JSONValue) {
    guard let writer = value["writer"]?.string, let first = value["first"]?.integer,
      let last = value["last"]?.integer
    else { return nil }
    self.init(writer: writer, first: first, last: last)
  }

  /// Puts rows together that follow each other, by chain and number.
  static func all(_ rows: [ChainedRow]) -> [RowRange] {
    var ranges: [RowRange] = []
    for row in rows.sorted(by: { ($0.writer, $0.n) < ($1.writer, $1.n) }) {
      if let range = ranges.last, range.writer == row.writer, range.last + 1 >= row.n {
        ranges[ranges.count - 1].last = row.n
      } else {
        ranges.append(RowRange(writer: row.writer, first: row.n, last: row.n))
      }
    }
    return ranges
  }
}
