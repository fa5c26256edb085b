// SPDX-License-Identifier: Apache-2.0

public import JSON

/// Figures side by side, each with its source, that answer one question.
public struct Comparison: Sendable, Hashable {
  /// One figure, or a range.
  public struct Row: Sendable, Hashable {
    /// What it is.
    public let what: String
    /// The figure.
    public let value: Double
    /// The least, where it is a range.
    public let low: Double?
    /// The most, where it is a range.
    public let high: Double?
    /// Its unit; empty for a factor.
    public let unit: String
    /// Who says so, or what was put in.
    public let source: String

    /// Creates a row.
    public init(
      _ what: String,
      _ value: Double,
      _ unit: String,
      low: Double? = nil,
      high: Double? = nil,
      source: String
    ) {
      self.what = what
      self.value = value
      self.low = low
      self.high = high
      self.unit = unit
      self.source = source
    }

    /// The figure for people.
    public var text: String {
      guard let low, let high else { return Self.text(value, unit) }
      return "\(Self.text(low, unit)) to \(Self.text(high, unit))"
    }

    private static func text(_ value: Double, _ unit: String) -> String {
      switch unit {
      case "USD": PlanNumber.dollars(value)
      case "x": "\(PlanNumber.digits(value)) ×"
      case "%": PlanNumber.percent(value)
      case "": PlanNumber.text(value)
      default: "\(PlanNumber.text(value)) \(unit)"
      }
    }
  }

  /// The name on the command line.
  public let name: String
  /// The question.
  public let title: String
  /// The figures in order.
  public let rows: [Row]
  /// What the figures say, and what they do not.
  public let notes: [String]

  /// Creates a comparison.
  public init(name: String, title: String, rows: [Row], notes: [String]) {
    self.name = name
    self.title = title
    self.rows = rows
    self.notes = notes
  }

  /// The comparison for people.
  public var lines: [String] {
    let width = rows.map(\.text.count).max() ?? 0
    var lines: [String] = [title, ""]
    for row in rows {
      let space = String(repeating: " ", count: width - row.text.count)
      lines.append("  \(space)\(row.text)  \(row.what)")
      lines.append("  \(String(repeating: " ", count: width))    \(row.source)")
    }
    if !notes.isEmpty { lines.append("") }
    return lines + notes
  }

  /// The comparison as one JSON object.
  public var json: JSONText {
    .object([
      ("comparison", .string(name)), ("title", .string(title)),
      (
        "rows",
        .array(
          rows.map { row in
            .object([
              ("what", .string(row.what)), ("value", .double(row.value)),
              ("low", row.low.map(JSONText.double) ?? .null),
              ("high", row.high.map(JSONText.double) ?? .null), ("unit", .string(row.unit)),
              ("source", .string(row.source)),
            ])
          }
        )
      ),
      ("notes", .array(notes.map(JSONText.string))),
    ])
  }
}
