// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON

/// The members of a JSON object of a request, read with their kinds; null counts as absent.
struct RequestFields {
  // LIMIT: a prompt of a million tokens has some five megabytes.
  static let longestBody = 8 << 20

  private let members: [String: JSONValue]
  private let path: String

  /// Reads a request's body.
  ///
  /// - Throws: `APIError` where it is no JSON, with the place, or no object.
  init(_ body: [UInt8]) throws(APIError) {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(body, limits: .init(byteCount: Self.longestBody))
    } catch {
      throw .invalid("the body is not JSON: \(error.description)")
    }
    try self.init(document.root, path: "")
  }

  /// Takes an object within a request.
  ///
  /// - Parameters:
  ///   - value: The object.
  ///   - path: Its place, such as `messages[2]`.
  /// - Throws: `APIError` where it is none, or has a name twice.
  init(_ value: JSONValue, path: String) throws(APIError) {
    self.path = path
    guard let object = value.object else {
      let name = path.isEmpty ? "the body" : "'\(path)'"
      throw .invalid("\(name) must be a JSON object", path.isEmpty ? nil : path)
    }
    var members: [String: JSONValue] = [:]
    for member in object {
      let key = member.key
      guard members.updateValue(member.value, forKey: key) == nil else {
        throw .invalid("'\(path.isEmpty ? key : path + "." + key)' is there twice", key)
      }
    }
    self.members = members
  }

  /// A field's full name.
  func place(_ field: String) -> String { path.isEmpty ? field : "\(path).\(field)" }

  /// The names that are not among these, in order.
  func names(besides known: Set<String>) -> [String] {
    members.keys.filter { !known.contains($0) }.sorted()
  }

  /// The fields of these names alone.
  func only(_ names: Set<String>) -> RequestFields {
    RequestFields(members: members.filter { names.contains($0.key) }, path: path)
  }

  private init(members: [String: JSONValue], path: String) {
    (self.members, self.path) = (members, path)
  }

  /// A value of any kind.
  func value(_ field: String) -> JSONValue? {
    members[field].flatMap { $0.isNull ? nil : $0 }
  }

  /// A value of one kind.
  func read<Value>(
    _ field: String,
    _ kind: String,
    _ convert: (JSONValue) -> Value?
  ) throws(APIError) -> Value? {
    guard let value = value(field) else { return nil }
    guard let converted = convert(value) else {
      throw .invalid("'\(place(field))' must be \(kind)", place(field))
    }
    return converted
  }

  func string(_ field: String) throws(APIError) -> String? {
    try read(field, "a string", \.string)
  }

  /// A string that must be there.
  func requiredString(_ field: String) throws(APIError) -> String {
    guard let string = try string(field) else {
      throw .invalid("'\(place(field))' is missing", place(field))
    }
    return string
  }

  func boolean(_ field: String) throws(APIError) -> Bool? {
    try read(field, "true or false", \.boolean)
  }

  func array(_ field: String) throws(APIError) -> [JSONValue]? {
    try read(field, "an array") { $0.array.map(Array.init) }
  }

  func object(_ field: String) throws(APIError) -> RequestFields? {
    guard let value = value(field) else { return nil }
    return try RequestFields(value, path: place(field))
  }

  /// The names and values of an object.
  var all: [(name: String, value: JSONValue)] {
    members.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }

  /// A whole number, also one that is written with a fraction of zero.
  func integer(_ field: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
    let number = try read(field, "a whole number") { value in
      value.integer ?? value.double.flatMap { Int(exactly: $0) }
    }
    guard let number else { return nil }
    guard range.contains(number) else {
      throw .outOfRange(
        "'\(place(field))' is \(number), but must be \(range.lowerBound)…\(range.upperBound)",
        place(field)
      )
    }
    return number
  }

  func number(_ field: String, in range: ClosedRange<Double>) throws(APIError) -> Double? {
    guard let number = try read(field, "a number", \.double) else { return nil }
    guard range.contains(number) else {
      throw .outOfRange(
        "'\(place(field))' is \(number), but must be \(range.lowerBound)…\(range.upperBound)",
        place(field)
      )
    }
    return number
  }

  /// A string or an array of strings, as an array.
  func strings(_ field: String) throws(APIError) -> [String]? {
    try read(field, "a string or an array of strings") { value in
      if let string = value.string { return [string] }
      guard let array = value.array else { return nil }
      let strings = array.compactMap(\.string)
      return strings.count == array.count ? strings : nil
    }
  }
}
