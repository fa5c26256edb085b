// SPDX-License-Identifier: Apache-2.0

extension JSONText {
  /// A value that was read, to be written again.
  ///
  /// Keys keep their order. Numbers with a fraction, an exponent or more than 64 bits keep their
  /// value as far as double precision holds it. The parser's limit of depth bounds the recursion.
  public init(_ value: JSONValue) {
    if let members = value.object {
      self = .object(members.map { ($0.key, JSONText($0.value)) })
    } else if let elements = value.array {
      self = .array(elements.map(JSONText.init))
    } else if let string = value.string {
      self = .string(string)
    } else if let boolean = value.boolean {
      self = .boolean(boolean)
    } else if let integer = value.integer {
      self = .integer(integer)
    } else if let number = value.double {
      self = .double(number)
    } else {
      self = .null
    }
  }
}
