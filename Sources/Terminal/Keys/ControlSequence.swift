// SPDX-License-Identifier: Apache-2.0

/// The sequences of ECMA-48 that keys send: `ESC [ parameters final` and `ESC O final`.
///
/// Source of the forms: "XTerm Control Sequences" (PC-style function keys), console_codes(4), the
/// rxvt reference, and kitty's "Comprehensive keyboard handling in terminals".
enum ControlSequence {
  // LIMIT: the longest that a key sends has under twenty bytes.
  private static let byteLimit = 64

  /// Reads `ESC [ …`.
  static func read(_ bytes: ArraySlice<UInt8>, expectsReports: Bool) -> KeySequence {
    let start = bytes.startIndex + 2
    guard start < bytes.endIndex else { return .incomplete }
    if bytes[start] == UInt8(ascii: "[") { return consoleFunctionKey(bytes) }
    var index = start
    while index < bytes.endIndex, (0x20...0x3F).contains(bytes[index]) {
      index += 1
      if index - start > byteLimit { return .nothing(byteCount: index - bytes.startIndex) }
    }
    guard index < bytes.endIndex else { return .incomplete }
    let final = bytes[index]
    // What cannot end a sequence begins something else.
    guard (0x40...0x7E).contains(final) else {
      return .key(Key(.unknown), byteCount: index - bytes.startIndex)
    }
    let byteCount = index + 1 - bytes.startIndex
    let parameters = Parameters(bytes[start..<index])
    if final == UInt8(ascii: "~"), parameters[0] == 200 {
      return .pasteStart(byteCount: byteCount)
    }
    if expectsReports, final == UInt8(ascii: "R"), let row = parameters[0],
      let column = parameters[1]
    {
      return .key(Key(.cursorReport(row: row, column: column)), byteCount: byteCount)
    }
    return .key(key(final, parameters), byteCount: byteCount)
  }

  /// Reads `ESC O …`, which keypads and application mode send.
  static func readShort(_ bytes: ArraySlice<UInt8>) -> KeySequence {
    var index = bytes.startIndex + 2
    while index < bytes.endIndex, (0x30...0x3B).contains(bytes[index]),
      index - bytes.startIndex < byteLimit
    {
      index += 1
    }
    guard index < bytes.endIndex else { return .incomplete }
    let final = bytes[index]
    guard (0x40...0x7E).contains(final) else {
      return .key(.alt("O"), byteCount: 2)
    }
    let byteCount = index + 1 - bytes.startIndex
    let modifiers = Parameters(bytes[(bytes.startIndex + 2)..<index]).modifiers(at: 0)
    if let symbol = arrows[final] {
      return .key(Key(symbol, modifiers), byteCount: byteCount)
    }
    switch final {
    case UInt8(ascii: "M"): return .key(Key(.enter), byteCount: byteCount)
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      return .key(Key(arrows[final - 0x20] ?? .unknown, .control), byteCount: byteCount)
    case UInt8(ascii: "j")...UInt8(ascii: "y"):
      // The keypad's characters, shifted by 64 from their own.
      let character = Character(Unicode.Scalar(final - 0x40))
      return .key(.text(String(character)), byteCount: byteCount)
    default: return .key(Key(.unknown), byteCount: byteCount)
    }
  }

  /// The Linux console's `ESC [ [ A` to `ESC [ [ E`.
  private static func consoleFunctionKey(_ bytes: ArraySlice<UInt8>) -> KeySequence {
    guard bytes.count > 3 else { return .incomplete }
    let letter = bytes[bytes.startIndex + 3]
    guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(letter) else {
      return .key(Key(.unknown), byteCount: 3)
    }
    return .key(Key(.function(Int(letter) - 0x40)), byteCount: 4)
  }

  private static let arrows: [UInt8: Key.Symbol] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
  ]

  private static func key(_ final: UInt8, _ parameters: Parameters) -> Key {
    guard !parameters.isPrivate else { return Key(.unknown) }
    if let symbol = arrows[final] { return Key(symbol, parameters.modifiers(at: 1)) }
    switch final {
    case UInt8(ascii: "~") where parameters[0] == 27:
      return character(parameters[2], parameters.modifiers(at: 1))
    case UInt8(ascii: "~"):
      return Key(editingKey(parameters[0]), parameters.modifiers(at: 1))
    case UInt8(ascii: "^"): return Key(editingKey(parameters[0]), .control)
    case UInt8(ascii: "u"): return character(parameters[0], parameters.modifiers(at: 1))
    case UInt8(ascii: "Z"): return Key(.tab, .shift)
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      return Key(arrows[final - 0x20] ?? .unknown, .shift)
    default: return Key(.unknown)
    }
  }

  private static func editingKey(_ number: Int?) -> Key.Symbol {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case .some(let number) where (11...15).contains(number): .function(number - 10)
    case .some(let number) where (17...21).contains(number): .function(number - 11)
    case .some(let number) where (23...24).contains(number): .function(number - 12)
    default: .unknown
    }
  }

  /// A key that is told by its character's number, as kitty and xterm's modifyOtherKeys do.
  private static func character(_ number: Int?, _ modifiers: Key.Modifiers) -> Key {
    switch number {
    case 13, 57_414: return Key(.enter, modifiers)
    case 9: return Key(.tab, modifiers)
    case 27: return Key(.escape, modifiers)
    case 8, 127: return Key(.backspace, modifiers)
    default: break
    }
    guard let number, number >= 0x20, !(0x7F...0x9F).contains(number),
      let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init),
      // kitty numbers keys without a character from here on.
      !(0xE000...0xF8FF).contains(scalar.value)
    else { return Key(.unknown) }
    // With shift alone it is the character itself.
    let kept = modifiers == .shift ? [] : modifiers
    return Key(.text(String(Character(scalar))), kept)
  }

  /// The numbers between the introducer and the final byte.
  private struct Parameters {
    var isPrivate = false
    private var numbers: [Int?] = [nil]

    init(_ bytes: ArraySlice<UInt8>) {
      // Of `number:more` the first counts.
      var isFirstPart = true
      for byte in bytes {
        switch byte {
        case UInt8(ascii: ";"):
          numbers.append(nil)
          isFirstPart = true
        case UInt8(ascii: ":"): isFirstPart = false
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
          guard isFirstPart else { continue }
          // LIMIT: larger than any character; it keeps the sum from overflowing.
          let sum = (numbers[numbers.count - 1] ?? 0) * 10 + Int(byte) - 0x30
          numbers[numbers.count - 1] = min(sum, 10_000_000)
        default: isPrivate = true
        }
      }
    }

    subscript(_ index: Int) -> Int? { index < numbers.count ? numbers[index] : nil }

    func modifiers(at index: Int) -> Key.Modifiers {
      guard let number = self[index], number > 1 else { return [] }
      let bits = number - 1
      // Meta, bit 8, is Alt here; Super, Hyper and the locks count for nothing.
      return Key.Modifiers(rawValue: bits & 8 != 0 ? bits & 7 | 2 : bits & 7)
    }
  }
}
