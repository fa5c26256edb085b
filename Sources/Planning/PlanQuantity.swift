// SPDX-License-Identifier: Apache-2.0

/// Large numbers as people write them: `14.8T`, `15e12`, `1_000_000`.
public enum PlanQuantity {
  private static let units: [(letter: String, factor: Double)] = [
    ("k", 1e3), ("m", 1e6), ("g", 1e9), ("b", 1e9), ("t", 1e12), ("p", 1e15),
  ]

  // LIMIT: a thousand times the largest published run; beyond it seconds and sums lose their meaning.
  /// The largest quantity.
  public static let limit = 1e17

  /// Reads a quantity of at least 1.
  ///
  /// - Parameters:
  ///   - text: The number, with or without a letter for thousand, million, billion or trillion.
  ///   - option: What an error names.
  /// - Throws: `PlanError` where it is none.
  /// - Returns: The number.
  public static func parse(_ text: String, option: String) throws(PlanError) -> Double {
    let expected = "a number such as 14.8T, 15e12 or 1_000_000, with k, M, G (or B) and T as units"
    let plain = text.filter { $0 != "_" && $0 != " " }
    let letters = plain.reversed().prefix { $0.isLetter }.reversed()
    let digits = plain.dropLast(letters.count)
    guard let value = Double(digits), value.isFinite else {
      throw PlanError(.badValue(found: "'\(text)'", expected: expected), place: option)
    }
    var factor = 1.0
    if !letters.isEmpty {
      guard let unit = units.first(where: { $0.letter == String(letters).lowercased() }) else {
        let found = "unit '\(String(letters))'"
        throw PlanError(.badValue(found: found, expected: expected), place: option)
      }
      factor = unit.factor
    }
    guard (1...limit).contains(value * factor) else {
      throw PlanError(
        .badValue(found: text, expected: "1 to \(PlanNumber.text(limit))"),
        place: option
      )
    }
    return value * factor
  }
}
