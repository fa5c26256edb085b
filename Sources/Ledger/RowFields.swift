// SPDX-License-Identifier: Apache-2.0

import JSON

/// Reads the fields of a row's JSON object.
struct RowFields {
  private let object: JSONValue

  init(_ object: JSONValue) { self.object = object }

  func string(_ key: String) throws(LedgerRowFault) -> String {
    guard let text = object[key]?.string else { throw .badValue(key: key) }
    return text
  }

  func integer(_ key: String) throws(LedgerRowFault) -> Int {
    guard let integer = object[key]?.integer else { throw .badValue(key: key) }
    return integer
  }

  /// 64 hexadecimal digits in lower case.
  func hash(_ key: String) throws(LedgerRowFault) -> String {
    let text = try string(key)
    guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isDigit) else {
      throw .badValue(key: key)
    }
    return text
  }

  func row() throws(LedgerRowFault) -> LedgerRow {
    guard let kind = LedgerRow.Kind(rawValue: try string("kind")) else {
      throw .badValue(key: "kind")
    }
    guard let source = LedgerRow.EnergySource(rawValue: try string("joules_source")) else {
      throw .badValue(key: "joules_source")
    }
    let time = try string("time")
    guard LedgerRow.isTime(time) else { throw .badValue(key: "time") }
    return LedgerRow(
      time: time,
      kind: kind,
      run: try optionalString("run"),
      recipe: try optionalString("recipe"),
      code: try optionalString("code"),
      weights: try optionalString("weights"),
      device: try optionalString("device"),
      deviceCount: try isNull("count") ? nil : integer("count"),
      seconds: try optionalNumber("seconds"),
      tokens: try tokens(),
      operations: try optionalNumber("operations"),
      joules: try optionalNumber("joules"),
      energySource: source,
      dollars: try optionalNumber("usd"),
      prices: try optionalString("prices")
    )
  }

  private func isNull(_ key: String) -> Bool { object[key]?.isNull ?? true }

  private func optionalString(_ key: String) throws(LedgerRowFault) -> String? {
    isNull(key) ? nil : try string(key)
  }

  private func optionalNumber(_ key: String) throws(LedgerRowFault) -> Double? {
    if isNull(key) { return nil }
    guard let number = object[key]?.double else { throw .badValue(key: key) }
    return number
  }

  private func tokens() throws(LedgerRowFault) -> [String: Int] {
    guard let members = object["tokens"]?.object else { throw .badValue(key: "tokens") }
    var counts: [String: Int] = [:]
    for member in members {
      guard let count = member.value.integer, counts.updateValue(count, forKey: member.key) == nil
      else { throw .badValue(key: "tokens") }
    }
    return counts
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}
