// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import JSON

/// Reads typed fields of a configuration with their bounds; every error names file and field.
///
/// `null` counts as absent, as in the classes that write these files. Where a field has an old and
/// a new spelling, both are given and the first that is present is read.
struct ConfigurationReader {
  // LIMIT: about 16 times the largest published extent; products of two stay below 2^48.
  static let extentLimit = 1 << 24
  // LIMIT: the largest published model has 126 layers.
  static let layerLimit = 4096
  // LIMIT: a head of 65,536 numbers would fill any cache.
  static let headLimit = 1 << 16
  // LIMIT: the largest published model has 384 experts.
  static let expertLimit = 1 << 14

  let root: JSONValue
  let file: String
  /// What stands before field names: the name of the object that is read, and a point.
  var prefix = ""

  init(_ root: JSONValue, file: String) throws(ModelError) {
    self.root = root
    self.file = file
    guard let members = root.object else {
      let reason = ModelError.Reason.badValue(
        found: String(root.source.prefix(40)),
        expected: "a JSON object"
      )
      throw ModelError(reason, file: file)
    }
    // Readers differ in which of two equal keys they take.
    if let key = members.firstDuplicateKey {
      throw ModelError(
        .badValue(found: "given twice", expected: "given once"),
        file: file,
        field: key
      )
    }
  }

  /// The first of the fields that is there and not null.
  func value(_ names: [String]) -> (field: String, value: JSONValue)? {
    for name in names {
      if let value = root[name], !value.isNull { return (name, value) }
    }
    return nil
  }

  func has(_ name: String) -> Bool { value([name]) != nil }

  /// A whole number within bounds.
  func count(
    _ names: String...,
    default fallback: Int? = nil,
    in range: ClosedRange<Int> = 1...extentLimit
  ) throws(ModelError) -> Int {
    guard let (field, value) = value(names) else {
      guard let fallback else { throw error(.missingField, names[0]) }
      return fallback
    }
    guard let number = value.integer, range.contains(number) else {
      throw badNumber(value, "a whole number in \(range.lowerBound)…\(range.upperBound)", field)
    }
    return number
  }

  /// A whole number within bounds, nil where the field is absent.
  func optionalCount(
    _ name: String,
    in range: ClosedRange<Int> = 1...extentLimit
  ) throws(ModelError) -> Int? {
    has(name) ? try count(name, in: range) : nil
  }

  /// A finite number within bounds.
  func number(
    _ name: String,
    default fallback: Double? = nil,
    in range: ClosedRange<Double>
  ) throws(ModelError) -> Double {
    guard let (field, value) = value([name]) else {
      guard let fallback else { throw error(.missingField, name) }
      return fallback
    }
    guard let number = value.double, range.contains(number) else {
      throw badNumber(value, "a number in \(range.lowerBound)…\(range.upperBound)", field)
    }
    return number
  }

  /// A truth value.
  func flag(_ name: String, default fallback: Bool) throws(ModelError) -> Bool {
    guard let (field, value) = value([name]) else { return fallback }
    guard let flag = value.boolean else { throw badValue(value, "true or false", field) }
    return flag
  }

  /// A string, nil where the field is absent.
  func string(_ name: String) throws(ModelError) -> String? {
    guard let (field, value) = value([name]) else { return nil }
    guard let string = value.string else { throw badValue(value, "a string", field) }
    return string
  }

  /// A list of whole numbers, empty where the field is absent.
  func counts(_ name: String, in range: ClosedRange<Int>) throws(ModelError) -> [Int] {
    guard let (field, value) = value([name]) else { return [] }
    guard let elements = value.array else { throw badValue(value, "a list", field) }
    var result: [Int] = []
    for element in elements {
      guard let number = element.integer, range.contains(number) else {
        throw badNumber(
          element,
          "whole numbers in \(range.lowerBound)…\(range.upperBound)",
          field
        )
      }
      result.append(number)
    }
    return result
  }

  /// A nested object, nil where the field is absent.
  func object(_ name: String) throws(ModelError) -> ConfigurationReader? {
    guard let (field, value) = value([name]) else { return nil }
    guard value.object != nil else { throw badValue(value, "an object", field) }
    var reader: ConfigurationReader
    do { reader = try ConfigurationReader(value, file: file) } catch {
      throw self.error(error.reason, "\(field).\(error.field ?? "")")
    }
    reader.prefix = "\(prefix)\(field)."
    return reader
  }

  /// Token ids: null, one, or a list.
  func tokenIDs(_ name: String) throws(ModelError) -> [Int32] {
    do {
      return try TokenIDField.list(root[name], name, file: file)
    } catch {
      guard case .badValue(let found, let expected) = error.reason else {
        throw self.error(.missingField, name)
      }
      throw self.error(.badValue(found: found, expected: expected), name)
    }
  }

  func error(_ reason: ModelError.Reason, _ field: String) -> ModelError {
    ModelError(reason, file: file, field: prefix + field)
  }

  func badNumber(_ value: JSONValue, _ expected: String, _ field: String) -> ModelError {
    error(.badNumber(found: String(value.source.prefix(40)), expected: expected), field)
  }

  private func badValue(_ value: JSONValue, _ expected: String, _ field: String) -> ModelError {
    error(.badValue(found: String(value.source.prefix(40)), expected: expected), field)
  }
}
