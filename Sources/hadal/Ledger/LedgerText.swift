// SPDX-License-Identifier: Apache-2.0

/// Figures of the ledger as people read them.
enum LedgerText {
  /// What stands for a figure that nobody knows.
  static let unknown = "–"

  /// Three significant digits, large numbers with a letter for their thousands: `1.53 M`.
  static func figure(_ value: Double) -> String {
    guard value.isFinite else { return unknown }
    let letters = ["", " k", " M", " G", " T", " P", " E", " Z", " Y"]
    var (scaled, letter) = (value.magnitude, 0)
    while scaled >= 999.5, letter < letters.count - 1 {
      scaled /= 1000
      letter += 1
    }
    return (value < 0 ? "-" : "") + digits(scaled) + letters[letter]
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
    // LIMIT: what is smaller than a billionth is shown as 0.
    var (scaled, places) = (value, 0)
    while scaled < 99.95, places < 9 {
      scaled *= 10
      places += 1
    }
    var text = String(Int(scaled.rounded()))
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
