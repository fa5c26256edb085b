// SPDX-License-Identifier: Apache-2.0

/// Works out a formula of an `Equation`: + - * / ( ), `max`, `min`, numbers and letters.
struct FormulaReader {
  private var rest: Substring
  private let values: [String: Double]

  /// The value of a formula; nil where it is none, or a letter has no value.
  static func value(of formula: String, _ values: [String: Double]) -> Double? {
    var reader = FormulaReader(rest: formula[...], values: values)
    let value = reader.sum()
    reader.skipSpaces()
    return reader.rest.isEmpty ? value : nil
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }

  private mutating func takes(_ character: Character) -> Bool {
    skipSpaces()
    guard rest.first == character else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func sum() -> Double? {
    guard var value = product() else { return nil }
    while true {
      if takes("+") {
        guard let next = product() else { return nil }
        value += next
      } else if takes("-") {
        guard let next = product() else { return nil }
        value -= next
      } else {
        return value
      }
    }
  }

  private mutating func product() -> Double? {
    guard var value = factor() else { return nil }
    while true {
      if takes("*") {
        guard let next = factor() else { return nil }
        value *= next
      } else if takes("/") {
        guard let next = factor() else { return nil }
        value /= next
      } else {
        return value
      }
    }
  }

  private mutating func factor() -> Double? {
    if takes("(") {
      let value = sum()
      return takes(")") ? value : nil
    }
    skipSpaces()
    let word = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
    rest = rest.dropFirst(word.count)
    if word == "max" || word == "min" {
      guard takes("("), let first = sum(), takes(","), let second = sum(), takes(")") else {
        return nil
      }
      return word == "max" ? max(first, second) : min(first, second)
    }
    return values[word] ?? Double(word)
  }
}
