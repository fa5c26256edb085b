// SPDX-License-Identifier: Apache-2.0

import JSON

/// The members of an object of a receipt, read with their kinds.
struct ReceiptFields {
  let value: JSONValue
  /// The object's own place; nil for the receipt itself.
  let place: String?

  /// A member that is not what it should be.
  func wrong(_ name: String, _ kind: String) -> ReceiptError {
    ReceiptError(
      what: "'\(name)' of the receipt is missing or is not \(kind)",
      place: place.map { "\($0).\(name)" } ?? name
    )
  }

  func string(_ name: String) throws(ReceiptError) -> String {
    guard let string = value[name]?.string else { throw wrong(name, "a text") }
    return string
  }

  /// A text, or null.
  func optionalString(_ name: String) throws(ReceiptError) -> String? {
    value[name]?.isNull == true ? nil : try string(name)
  }

  func integer(_ name: String) throws(ReceiptError) -> Int {
    guard let integer = value[name]?.integer else { throw wrong(name, "a whole number") }
    return integer
  }

  /// A whole number, or null.
  func optionalInteger(_ name: String) throws(ReceiptError) -> Int? {
    value[name]?.isNull == true ? nil : try integer(name)
  }

  func number(_ name: String) throws(ReceiptError) -> Double {
    guard let number = value[name]?.double else { throw wrong(name, "a number") }
    return number
  }

  func member(_ name: String) throws(ReceiptError) -> ReceiptFields {
    guard let member = value[name], member.object != nil else { throw wrong(name, "an object") }
    return ReceiptFields(value: member, place: place.map { "\($0).\(name)" } ?? name)
  }

  func elements(_ name: String) throws(ReceiptError) -> [ReceiptFields] {
    guard let elements = value[name]?.array else { throw wrong(name, "an array") }
    return elements.enumerated().map { ReceiptFields(value: $1, place: "\(name)[\($0)]") }
  }
}
