// SPDX-License-Identifier: Apache-2.0

import JSON

/// A value of a JSON file together with the way to it, so that errors can say where they are.
struct Field {
  let value: JSONValue
  let file: String
  let path: String

  init(root value: JSONValue, file: String) {
    self.value = value
    self.file = file
    self.path = ""
  }

  init(_ value: JSONValue, file: String, path: String) {
    self.value = value
    self.file = file
    self.path = path
  }

  /// The file and the field, as errors name it.
  var place: String { path.isEmpty ? file : "\(file), field \(path)" }

  /// Returns the member with this key; nil if it is absent or null.
  func optional(_ key: String) -> Field? {
    guard let member = value[key], !member.isNull else { return nil }
    return Field(member, file: file, path: path.isEmpty ? key : "\(path).\(key)")
  }

  /// Returns the member with this key.
  func required(_ key: String) throws(TokenizationError) -> Field {
    guard value.object != nil else { throw wrongKind("an object") }
    guard let member = optional(key) else { throw error(.missingField(key)) }
    return member
  }

  func string() throws(TokenizationError) -> String {
    guard let string = value.string else { throw wrongKind("a string") }
    return string
  }

  func bytes() throws(TokenizationError) -> [UInt8] {
    guard let bytes = value.stringBytes else { throw wrongKind("a string") }
    return bytes
  }

  func boolean() throws(TokenizationError) -> Bool {
    guard let boolean = value.boolean else { throw wrongKind("true or false") }
    return boolean
  }

  func integer() throws(TokenizationError) -> Int {
    guard let integer = value.integer else { throw wrongKind("an integer") }
    return integer
  }

  func object() throws(TokenizationError) -> JSONMembers {
    guard let object = value.object else { throw wrongKind("an object") }
    return object
  }

  func elements() throws(TokenizationError) -> [Field] {
    guard let array = value.array else { throw wrongKind("an array") }
    return array.enumerated().map { Field($1, file: file, path: "\(path)[\($0)]") }
  }

  /// Returns a Boolean member, or a default where it is absent or null.
  func flag(_ key: String, default standard: Bool) throws(TokenizationError) -> Bool {
    guard let field = optional(key) else { return standard }
    return try field.boolean()
  }

  func error(_ reason: TokenizationError.Reason) -> TokenizationError {
    TokenizationError(reason, place: place)
  }

  func wrongKind(_ expected: String) -> TokenizationError {
    error(.wrongKind(found: Self.kind(of: value), expected: expected))
  }

  static func kind(of value: JSONValue) -> String {
    if value.isNull { return "null" }
    if value.boolean != nil { return "true or false" }
    if value.isNumber { return "a number" }
    if value.array != nil { return "an array" }
    if value.object != nil { return "an object" }
    return "a string"
  }
}
