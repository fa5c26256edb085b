// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A value of a conversation, as JSON has them: what a message, a tool or a variable of a chat
/// template holds.
public indirect enum PromptValue: Sendable, Hashable {
  /// `null`.
  case null
  /// A truth value.
  case boolean(Bool)
  /// An integer of up to 128 bits.
  case integer(Int128)
  /// A number with a fraction or an exponent.
  case double(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([PromptValue])
  /// An object, its members in their order.
  case object([Member])

  /// One key of an object and its value.
  public struct Member: Sendable, Hashable {
    /// The key.
    public var key: String
    /// The value.
    public var value: PromptValue

    /// Creates a member.
    public init(_ key: String, _ value: PromptValue) {
      self.key = key
      self.value = value
    }
  }

  /// Creates the value of a JSON text.
  ///
  /// - Throws: `TemplateError` of kind `overflow` for an integer beyond 128 bits.
  public init(_ json: JSONValue) throws(TemplateError) {
    if json.isNull {
      self = .null
    } else if let boolean = json.boolean {
      self = .boolean(boolean)
    } else if let integer = json.integer {
      self = .integer(Int128(integer))
    } else if json.isNumber {
      self = try Self.number(json)
    } else if let string = json.string {
      self = .string(string)
    } else if let array = json.array {
      var values: [PromptValue] = []
      values.reserveCapacity(array.count)
      for element in array { values.append(try PromptValue(element)) }
      self = .array(values)
    } else {
      var members: [Member] = []
      if let object = json.object {
        for member in object {
          members.append(Member(member.key, try PromptValue(member.value)))
        }
      }
      self = .object(members)
    }
  }

  private static func number(_ json: JSONValue) throws(TemplateError) -> PromptValue {
    let literal = json.source
    let isInteger = literal.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D }
    if isInteger {
      guard let value = Int128(literal) else {
        throw TemplateError(.overflow, "an integer has more than 38 digits")
      }
      return .integer(value)
    }
    return .double(json.double ?? .nan)
  }

  /// The first member with this key; nil if there is none, or this is no object.
  public subscript(key: String) -> PromptValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The string, nil for other values.
  public var string: String? {
    if case .string(let string) = self { return string }
    return nil
  }
}
