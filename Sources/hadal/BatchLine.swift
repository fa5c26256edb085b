// SPDX-License-Identifier: Apache-2.0

import JSON
import Tokenization

/// One line of a batch: a JSON object whose fields are read with their kinds.
struct BatchLine {
  private let document: Result<JSONDocument, JSONError>
  private let number: Int
  private let file: String

  init(_ bytes: [UInt8], number: Int, file: String) {
    self.number = number
    self.file = file == "-" ? "standard input" : file
    document = Result { () throws(JSONError) in try JSONDocument(bytes) }
  }

  /// The caller's own name of the request, given back with the answer.
  var id: JSONText? {
    guard let value = (try? document.get())?.root["id"] else { return nil }
    if let string = value.string { return .string(string) }
    if let integer = value.integer { return .integer(integer) }
    return value.double.map(JSONText.double)
  }

  func place(_ field: String?) -> String {
    "\(file), line \(number)" + (field.map { ", field \($0)" } ?? "")
  }

  func failure(_ what: String, field: String?) -> Input.Failure {
    Input.Failure(what: what, place: place(field))
  }

  private func root() throws -> JSONValue {
    do {
      let root = try document.get().root
      guard root.object != nil else { throw failure("a line must be a JSON object", field: nil) }
      return root
    } catch let error as JSONError {
      throw failure(error.what, field: nil)
    }
  }

  private func value<T>(
    _ field: String,
    _ kind: String,
    _ read: (JSONValue) -> T?
  ) throws -> T? {
    guard let value = try root()[field], !value.isNull else { return nil }
    guard let result = read(value) else {
      throw failure("'\(field)' must be \(kind)", field: field)
    }
    return result
  }

  func has(_ field: String) throws -> Bool { try root()[field] != nil }

  func string(_ field: String) throws -> String? { try value(field, "a string", \.string) }

  func integer(_ field: String) throws -> Int? { try value(field, "an integer", \.integer) }

  func number(_ field: String) throws -> Double? { try value(field, "a number", \.double) }

  func boolean(_ field: String) throws -> Bool? { try value(field, "true or false", \.boolean) }

  /// A value of any kind.
  func json(_ field: String) throws -> PromptValue? {
    guard let value = try root()[field] else { return nil }
    return try PromptValue(value)
  }

  /// An array of values of any kind.
  func array(_ field: String) throws -> [PromptValue]? {
    guard let value = try json(field), value != .null else { return nil }
    guard case .array(let elements) = value else {
      throw failure("'\(field)' must be an array", field: field)
    }
    return elements
  }

  /// The members of an object; none where the field is absent.
  func members(_ field: String) throws -> [PromptValue.Member] {
    guard let value = try json(field), value != .null else { return [] }
    guard case .object(let members) = value else {
      throw failure("'\(field)' must be an object", field: field)
    }
    return members
  }

  /// A string or an array of strings.
  func strings(_ field: String) throws -> [String]? {
    try value(field, "a string or an array of strings") { value in
      if let string = value.string { return [string] }
      guard let array = value.array else { return nil }
      let strings = array.compactMap(\.string)
      return strings.count == array.count ? strings : nil
    }
  }

  /// An array of token ids, not empty.
  func ids(_ field: String) throws -> [Int32]? {
    try value(field, "an array of token ids, not empty") { value in
      guard let array = value.array, array.count > 0 else { return nil }
      let ids = array.compactMap { $0.integer.flatMap { Int32(exactly: $0) } }
      return ids.count == array.count ? ids : nil
    }
  }

  /// An object of token ids and what is added to their logits.
  func biases(_ field: String) throws -> [TokenBias]? {
    try value(field, "an object of token ids with numbers in -100…100") { value in
      guard let object = value.object else { return nil }
      let biases = object.compactMap { member -> TokenBias? in
        guard let id = Int32(member.key), let bias = member.value.double else { return nil }
        return TokenBias(id: id, bias: bias)
      }
      return biases.count == object.count ? biases : nil
    }
  }
}
