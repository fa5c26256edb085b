// SPDX-License-Identifier: Apache-2.0

/// The members of a dictionary in their order, which never change.
final class DictionaryBox {
  // Up to this many members a walk beats a table.
  private static let walkLimit = 8

  let keys: [TemplateValue]
  let values: [TemplateValue]
  let depth: Int
  /// How many values it holds, those inside its values counted too.
  let elementCount: Int
  private let table: [HashableValue: Int]

  /// Creates a dictionary; of two equal keys the first keeps its place and the last its value.
  ///
  /// - Throws: `TemplateError` for a key that cannot be one.
  init(_ members: [(TemplateValue, TemplateValue)]) throws(TemplateError) {
    var keys: [TemplateValue] = []
    var values: [TemplateValue] = []
    var table: [HashableValue: Int] = [:]
    for (key, value) in members {
      let hashable = try HashableValue(key)
      if let place = table[hashable] {
        values[place] = value
      } else {
        table[hashable] = keys.count
        keys.append(key)
        values.append(value)
      }
    }
    self.keys = keys
    self.values = values
    self.table = keys.count > Self.walkLimit ? table : [:]
    depth = max(try ListBox.depth(over: values), try ListBox.depth(over: keys))
    elementCount = try ListBox.elementCount(of: values) + ListBox.elementCount(of: keys)
  }

  var count: Int { keys.count }

  /// The value of a text key.
  func value(_ key: OriginText) -> TemplateValue? {
    if keys.count > Self.walkLimit {
      return table[HashableValue(key)].map { values[$0] }
    }
    for (index, candidate) in keys.enumerated() {
      if case .text(let text) = candidate, text == key { return values[index] }
    }
    return nil
  }

  func value(_ key: String) -> TemplateValue? { value(OriginText(key, .data)) }

  /// The value of any key.
  ///
  /// - Throws: `TemplateError` of kind `type` where the key cannot be one.
  func value(_ key: TemplateValue) throws(TemplateError) -> TemplateValue? {
    if case .text(let text) = key { return value(text) }
    let hashable = try HashableValue(key)
    if keys.count > Self.walkLimit { return table[hashable].map { values[$0] } }
    for (index, candidate) in keys.enumerated() {
      if try HashableValue(candidate) == hashable { return values[index] }
    }
    return nil
  }

  /// The member at a place as a pair.
  func item(_ index: Int) throws(TemplateError) -> TemplateValue {
    try .makeTuple([keys[index], values[index]])
  }
}

/// A value that may be a key: equal keys have equal hashes, as Python has it, where 1, 1.0 and True
/// are one key.
struct HashableValue: Hashable {
  private enum Form: Hashable {
    case nothing
    case undefined
    case number(Double)
    case wide(Int128)
    case text(OriginText)
    case bytes([UInt8])
    case tuple([HashableValue])
    case range(RangeValue)
    case object(ObjectIdentifier)
  }

  private let form: Form

  init(_ text: OriginText) { form = .text(text) }

  init(_ value: TemplateValue) throws(TemplateError) {
    switch value {
    case .undefined: form = .undefined
    case .none: form = .nothing
    case .boolean(let value): form = .number(value ? 1 : 0)
    case .integer(let value, _):
      // Beyond 53 bits two integers may round to one double.
      form = abs(value) < 1 << 53 ? .number(Double(value)) : .wide(value)
    case .float(let value, _):
      if let whole = Int128(exactly: value), abs(whole) >= 1 << 53 {
        form = .wide(whole)
      } else {
        form = .number(value)
      }
    case .text(let text): form = .text(text)
    case .bytes(let bytes): form = .bytes(bytes)
    case .tuple(let box):
      var parts: [HashableValue] = []
      for value in box.values { parts.append(try HashableValue(value)) }
      form = .tuple(parts)
    case .range(let range): form = .range(range)
    case .iterator(let iterator): form = .object(ObjectIdentifier(iterator))
    case .object(let object) where object.isHashable: form = .object(ObjectIdentifier(object))
    case .list, .dictionary, .view, .object:
      throw TemplateError(.type, "unhashable type: '\(value.typeName)'")
    }
  }
}
