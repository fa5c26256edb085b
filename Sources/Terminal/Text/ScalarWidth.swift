// SPDX-License-Identifier: Apache-2.0

/// How many columns a scalar takes by itself.
enum ScalarWidth: UInt8 {
  case zero
  case one
  case two
  /// A mark with a shape of its own, such as the vowel signs of Devanagari: one column in most
  /// terminals, none in others.
  case spacingMark

  /// Looks a scalar up.
  ///
  /// - Complexity: O(log n) in the table's 1,300 runs, O(1) for the most common scripts.
  init(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0..<0x300: self = .one
    case 0x4E00...0x9FFF, 0xAC00...0xD7A3: self = .two
    default: self = ScalarWidthTable.shared.width(scalar.value)
    }
  }
}

/// The table of widths, read from its text at first use.
private struct ScalarWidthTable: Sendable {
  static let shared = ScalarWidthTable()

  /// The first scalar of each run, ascending.
  private var starts: [UInt32] = []
  private var widths: [ScalarWidth] = []

  private init() {
    var start: UInt32 = 0
    var count: UInt32 = 0
    for byte in WidthTables.runs.utf8 {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        count = count * 10 + UInt32(byte) - 0x30
        continue
      }
      if !starts.isEmpty { start += max(count, 1) }
      count = 0
      starts.append(start)
      widths.append(Self.width(letter: byte))
    }
  }

  private static func width(letter: UInt8) -> ScalarWidth {
    switch letter {
    case UInt8(ascii: "Z"): .zero
    case UInt8(ascii: "W"): .two
    case UInt8(ascii: "S"): .spacingMark
    default: .one
    }
  }

  func width(_ scalar: UInt32) -> ScalarWidth {
    var low = 0
    var high = starts.count
    // The last run that starts at the scalar or before it.
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= scalar { low = middle } else { high = middle }
    }
    return widths[low]
  }
}
