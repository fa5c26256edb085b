// SPDX-License-Identifier: Apache-2.0

import Ledger

/// Figures of the ledger as people read them.
enum LedgerText {
  /// What stands for a figure that nobody knows.
  static let unknown = "–"

  /// Three significant digits, large numbers with a letter for their thousands: `1.53 M`.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - unit: What stands behind it: `J` gives `1.53 MJ`.
  /// - Returns: The text; what is not finite is unknown.
  static func figure(_ value: Double, unit: String = "") -> String {
    guard value.isFinite else { return unknown }
    let letters = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"]
    var (scaled, letter) = (value.magnitude, 0)
    while scaled >= 999.5, letter < letters.count - 1 {
      scaled /= 1000
      letter += 1
    }
    let end = letters[letter] + unit
    return (value < 0 ? "-" : "") + digits(scaled) + (end.isEmpty ? "" : " " + end)
  }

  /// Joules, or kilowatt-hours where that is more than a tenth of one; a ~ where some are estimated.
  static func energy(joules: Double?, isEstimated: Bool) -> String {
    guard let joules else { return unknown }
    let text =
      joules < 3.6e5 ? figure(joules, unit: "J") : figure(joules / 3.6e6) + " kWh"
    return (isEstimated ? "~" : "") + text
  }

  /// The energy of some rows.
  static func energy(_ total: LedgerTotal) -> String {
    energy(
      joules: total.kilowattHours.map { $0 * 3.6e6 },
      isEstimated: total.estimatedJoules > 0
    )
  }

  /// A count of things.
  static func count(_ count: Int, _ one: String, _ many: String) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many)"
  }

  /// A figure, or what stands for none.
  static func figure(_ value: Double?) -> String { value.map { figure($0) } ?? unknown }

  /// A count, or what stands for none.
  static func figure(_ count: Int?) -> String { count.map { figure(Double($0)) } ?? unknown }

  /// A share in percent with its sign.
  static func signedPercent(_ share: Double) -> String {
    guard share.magnitude < 1e6 else { return unknown }
    let tenths = Int((share.magnitude * 1000).rounded())
    return (share < 0 ? "-" : "+") + "\(tenths / 10).\(tenths % 10) %"
  }

  /// Three significant digits of a number below 999.5, without zeros at the end.
  private static func digits(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    var (scaled, places) = (value, 0)
    // LIMIT: what is smaller than any figure of ours is shown with the digits that are left.
    while scaled < 99.95, places < 300 {
      scaled *= 10
      places += 1
    }
    let whole = Int(scaled.rounded())
    // A thousandth or more in full, smaller ones with an exponent.
    guard places <= 5 else {
      return "\(whole / 100).\(whole / 10 % 10)\(whole % 10)e-\(places - 2)"
    }
    var text = String(whole)
    guard places > 0 else { return text }
    text = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
    text.insert(".", at: text.index(text.endIndex, offsetBy: -places))
    while text.last == "0" { text.removeLast() }
    return text.last == "." ? String(text.dropLast()) : text
  }
}

/// Rows of cells in columns that are as wide as they must be.
struct LedgerTable {
  private var rows: [[String]]
  private let leftColumns: Set<Int>

  /// Begins a table.
  ///
  /// - Parameters:
  ///   - head: The first row.
  ///   - leftColumns: The columns of texts; numbers stand at the right.
  init(_ head: [String], leftColumns: Set<Int>) {
    rows = [head]
    self.leftColumns = leftColumns
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  /// The lines, each without spaces at its end.
  var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let room = String(repeating: " ", count: widths[column] - cell.count)
        return leftColumns.contains(column) ? cell + room : room + cell
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
