// SPDX-License-Identifier: Apache-2.0

/// Follows the fixed texts around a call's name.
struct FrameScan: Sendable {
  enum Element: Sendable {
    /// White space, or none.
    case space
    case text(String)
    /// A text that stands there or not; its first byte tells.
    case optional(String)
    /// A word of letters that ends before white space and what no name has.
    case name
    case digits
  }

  enum Step: Equatable {
    case taken
    /// All elements are over, before the byte.
    case passed
    case broken
  }

  private struct Part: Sendable {
    let element: Element
    let bytes: [UInt8]
  }

  private let parts: [Part]
  private var index = 0
  /// How many bytes of the part at `index` came.
  private var matched = 0
  private(set) var name: [UInt8] = []

  init(_ elements: [Element]) {
    parts = elements.map { element in
      switch element {
      case .text(let text), .optional(let text): Part(element: element, bytes: Array(text.utf8))
      case .space, .name, .digits: Part(element: element, bytes: [])
      }
    }
  }

  /// Whether all elements are over.
  var isPassed: Bool { index == parts.count }

  mutating func take(_ byte: UInt8) -> Step {
    while index < parts.count {
      switch parts[index].element {
      case .space:
        if byte.isJSONSpace { return .taken }
      case .digits:
        if byte &- UInt8(ascii: "0") < 10 { return .taken }
      case .name:
        if !Self.endsName(byte) {
          name.append(byte)
          return name.count <= 4 * CallLimits.nameLength ? .taken : .broken
        }
        if name.isEmpty { return .broken }
      case .optional where matched == 0 && byte != parts[index].bytes.first: break
      case .optional, .text: return takeText(byte)
      }
      index += 1
    }
    return .passed
  }

  private mutating func takeText(_ byte: UInt8) -> Step {
    guard parts[index].bytes[matched] == byte else { return .broken }
    matched += 1
    if matched == parts[index].bytes.count {
      index += 1
      matched = 0
    }
    return .taken
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: "`"), UInt8(ascii: ":"): true
    default: false
    }
  }
}
