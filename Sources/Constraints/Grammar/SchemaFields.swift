// SPDX-License-Identifier: Apache-2.0

import JSON

/// The keywords of a schema, with those that `allOf` and a reference add to them.
struct SchemaFields {
  /// A keyword's value and its place.
  struct Field {
    var value: JSONValue
    /// The pointer of the schema that it stands in.
    var owner: String
    var keyword: String

    var pointer: String { SchemaFields.pointer(owner, keyword) }

    /// An error at this keyword.
    func malformed(_ expected: String) -> ConstraintError {
      ConstraintError(.malformed(keyword: keyword, expected: expected), at: pointer)
    }

    func unsupported() -> ConstraintError {
      ConstraintError(.unsupported(keyword: keyword), at: pointer)
    }
  }

  private var fields: [String: [Field]] = [:]

  /// The pointer of a member or an element.
  static func pointer(_ owner: String, _ key: String) -> String {
    var result = owner + "/"
    for character in key.unicodeScalars {
      switch character {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  mutating func add(_ field: Field) { fields[field.keyword, default: []].append(field) }

  /// Whether any of some keywords is there.
  func has(_ keywords: String...) -> Bool { keywords.contains { fields[$0] != nil } }

  /// All values of a keyword.
  func all(_ keyword: String) -> [Field] { fields[keyword] ?? [] }

  /// A keyword beside those named, the same one in every run.
  func first(beside keywords: String...) -> Field? {
    fields.keys.filter { !keywords.contains($0) }.min().flatMap { fields[$0]?.first }
  }

  /// The one value of a keyword.
  ///
  /// - Throws: `ConstraintError` where two schemas that must both fit have one.
  func one(_ keyword: String) throws(ConstraintError) -> Field? {
    let all = all(keyword)
    if all.count > 1 { throw all[1].unsupported() }
    return all.first
  }

  /// A count that a keyword gives.
  func count(_ keyword: String) throws(ConstraintError) -> Int? {
    guard let field = try one(keyword) else { return nil }
    var value = field.value.integer
    if value == nil, let double = field.value.double, double >= 0, double < 1e15,
      double.rounded() == double
    {
      value = Int(double)
    }
    guard let value, value >= 0 else { throw field.malformed("a count") }
    // LIMIT: each counted place is a state of the automaton.
    guard value <= 10_000 else {
      throw ConstraintError(
        .tooLarge(what: "items or characters that are counted", limit: 10_000),
        at: field.pointer
      )
    }
    return value
  }
}
