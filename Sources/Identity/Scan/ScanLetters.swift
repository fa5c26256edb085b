// SPDX-License-Identifier: Apache-2.0

/// The letters of a scan, folded by table.
enum ScanLetters {
  /// Ends the word.
  static let end: UInt32 = 0
  /// Is not there.
  static let nothing: UInt32 = .max
  /// Is a word of its own.
  static let ideograph: UInt32 = .max - 1

  /// ASCII letters in lower case and digits; zero for all else.
  static let asciiLetters: [UInt8] = (0..<128).map { (byte: UInt8) -> UInt8 in
    switch byte {
    case 0x30...0x39, 0x61...0x7A: byte
    case 0x41...0x5A: byte + 0x20
    default: 0
    }
  }

  /// All scalars below the ideographs, folded and in lower case.
  static let folded: [UInt32] = (0..<0x3000).map { slowly(UInt32($0)) }

  /// Folds a scalar outside ASCII.
  @inline(__always)
  static func fold(_ value: UInt32, _ table: Span<UInt32>) -> UInt32 {
    if value < 0x3000 { return table[Int(value)] }
    if (0x3040...0x9FFF).contains(value) || (0xAC00...0xD7A3).contains(value) { return ideograph }
    return slowly(value)
  }

  /// The letters of a scalar that becomes two.
  @inline(__always)
  static func second(_ value: UInt32) -> (first: UInt32, second: UInt32)? {
    guard value < 0x160, case .pair(let first, let second) = Folding.fold(value) else { return nil }
    return (first, second)
  }

  private static func slowly(_ value: UInt32) -> UInt32 {
    switch Folding.fold(value) {
    case .nothing: nothing
    case .pair(let first, _): first
    case .scalar(let letter): lowered(letter)
    }
  }

  private static func lowered(_ letter: UInt32) -> UInt32 {
    switch letter {
    case 0x41...0x5A: letter + 0x20
    case 0x30...0x39, 0x61...0x7A: letter
    case 0..<0x80: end
    case 0xC0...0x24F where letter != 0xD7 && letter != 0xF7: letter
    case 0x391...0x3A9, 0x410...0x42F: letter + 0x20
    case 0x400...0x40F: letter + 0x50
    case 0x370...0x58F: letter
    case 0x620...0x669, 0x66E...0x6D3, 0x6EE...0x6FC: letter
    case 0x900...0x963, 0x966...0x9FF: letter
    default: letter > 0x1000 && letter < 0x2000 ? letter : end
    }
  }
}
