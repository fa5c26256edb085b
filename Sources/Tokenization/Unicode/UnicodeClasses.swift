// SPDX-License-Identifier: Apache-2.0

/// Sets of Unicode classes, one bit each, as the two-stage table stores them.
struct ClassMask: OptionSet, Hashable {
  let rawValue: UInt8

  static let letter = ClassMask(rawValue: 1)
  static let mark = ClassMask(rawValue: 2)
  static let number = ClassMask(rawValue: 4)
  static let punctuation = ClassMask(rawValue: 8)
  static let symbol = ClassMask(rawValue: 16)
  static let space = ClassMask(rawValue: 32)
  /// CR and LF, which the published patterns treat apart.
  static let lineBreak = ClassMask(rawValue: 64)
  /// Kana and the Han characters that DeepSeek-V3's second split names.
  static let kanaOrHan = ClassMask(rawValue: 128)
}

extension ClassMask {
  /// What `kanaOrHan` holds: `[一-龥぀-ゟ゠-ヿ]`.
  static let kanaOrHanRanges: [ClosedRange<UInt32>] = [
    0x4E00...0x9FA5, 0x3040...0x309F, 0x30A0...0x30FF,
  ]
}

/// The character classes of Unicode 16, compiled in: the host's tables play no part.
struct UnicodeClasses: Sendable {
  /// The one table; constant data, built from the generated texts at first use.
  static let shared = UnicodeClasses()

  /// Where the block of 256 code points begins in `masks` and `categories`.
  private let blocks: [UInt16]
  private let masks: [UInt8]
  private let categories: [UInt8]

  private init() {
    let flatCategories = Self.flatCategories()
    let flatMasks = Self.flatMasks(flatCategories)
    var blocks: [UInt16] = []
    var masks: [UInt8] = []
    var categories: [UInt8] = []
    var known: [[UInt8]: UInt16] = [:]
    for start in stride(from: 0, to: 0x110000, by: 256) {
      // The mask follows from the category but for white space and line breaks.
      let key = Array(flatCategories[start..<start + 256]) + flatMasks[start..<start + 256]
      if let block = known[key] {
        blocks.append(block)
      } else {
        let block = UInt16(masks.count / 256)
        known[key] = block
        blocks.append(block)
        masks += flatMasks[start..<start + 256]
        categories += flatCategories[start..<start + 256]
      }
    }
    self.blocks = blocks
    self.masks = masks
    self.categories = categories
  }

  /// Returns the classes of a scalar.
  @inline(__always)
  func mask(_ scalar: UInt32) -> ClassMask {
    ClassMask(rawValue: masks[Int(blocks[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)])
  }

  /// Returns the general category of a scalar, an index of `categoryNames`.
  func category(_ scalar: UInt32) -> UInt8 {
    categories[Int(blocks[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
  }

  /// The two-letter names of the general categories.
  static let categoryNames = UnicodeTables.categoryNames.split(separator: " ").map(String.init)

  private static func flatCategories() -> [UInt8] {
    var flat: [UInt8] = []
    flat.reserveCapacity(0x110000)
    var category: UInt8?
    var count = 0
    func finishRun() {
      if let category { flat.append(contentsOf: repeatElement(category, count: max(count, 1))) }
      count = 0
    }
    for byte in UnicodeTables.categoryRuns.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        count = count * 10 + Int(byte - UInt8(ascii: "0"))
      default:
        finishRun()
        category =
          byte < UInt8(ascii: "a") ? byte - UInt8(ascii: "A") : byte - UInt8(ascii: "a") + 26
      }
    }
    finishRun()
    return flat
  }

  private static func flatMasks(_ categories: [UInt8]) -> [UInt8] {
    let ofCategory = categoryNames.map { name -> UInt8 in
      switch name.utf8.first {
      case UInt8(ascii: "L"): ClassMask.letter.rawValue
      case UInt8(ascii: "M"): ClassMask.mark.rawValue
      case UInt8(ascii: "N"): ClassMask.number.rawValue
      case UInt8(ascii: "P"): ClassMask.punctuation.rawValue
      case UInt8(ascii: "S"): ClassMask.symbol.rawValue
      default: 0
      }
    }
    var masks = categories.map { ofCategory[Int($0)] }
    for range in UnicodeTables.whiteSpace.split(separator: " ") {
      let ends = range.split(separator: ".").compactMap { Int($0, radix: 16) }
      for scalar in ends[0]...ends[1] { masks[scalar] |= ClassMask.space.rawValue }
    }
    masks[0x0A] |= ClassMask.lineBreak.rawValue
    masks[0x0D] |= ClassMask.lineBreak.rawValue
    for ranges in ClassMask.kanaOrHanRanges {
      for scalar in ranges { masks[Int(scalar)] |= ClassMask.kanaOrHan.rawValue }
    }
    return masks
  }
}
