// SPDX-License-Identifier: Apache-2.0

import JSON

/// Follows references within a schema (RFC 6901, as the fragment of an address).
enum SchemaReference {
  static func resolve(
    _ reference: String,
    in document: JSONValue,
    at pointer: String
  ) throws(ConstraintError) -> JSONValue {
    guard reference.utf8.first == UInt8(ascii: "#") else {
      throw ConstraintError(.remote(reference: reference), at: pointer)
    }
    let unresolved = ConstraintError(.unresolved(reference: reference), at: pointer)
    guard let path = unescaped(reference.utf8.dropFirst()) else { throw unresolved }
    guard !path.isEmpty else { return document }
    guard path.first == UInt8(ascii: "/") else { throw unresolved }
    var value = document
    let steps = path.dropFirst().split(
      separator: UInt8(ascii: "/"),
      omittingEmptySubsequences: false
    )
    for step in steps {
      let key = name(step)
      if let next = value[key] {
        value = next
      } else if let elements = value.array, let index = Int(key), index >= 0,
        let next = elements.dropFirst(index).first(where: { _ in true })
      {
        value = next
      } else {
        throw unresolved
      }
    }
    return value
  }

  /// Resolves `%XX`; nil where that is malformed.
  private static func unescaped(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var iterator = text.makeIterator()
    while let byte = iterator.next() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      guard let high = iterator.next(), let low = iterator.next(),
        let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
      else { return nil }
      result.append(value)
    }
    return result
  }

  /// Resolves `~1` and `~0`.
  private static func name(_ step: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var isEscape = false
    for byte in step {
      if isEscape {
        result.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
        if byte != UInt8(ascii: "1"), byte != UInt8(ascii: "0") { result.append(byte) }
        isEscape = false
      } else if byte == UInt8(ascii: "~") {
        isEscape = true
      } else {
        result.append(byte)
      }
    }
    if isEscape { result.append(UInt8(ascii: "~")) }
    return String(decoding: result, as: UTF8.self)
  }
}
