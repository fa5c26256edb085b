// SPDX-License-Identifier: Apache-2.0

/// A set of Unicode scalars, as ranges in order.
struct ScalarSet: Sendable, Hashable {
  private(set) var ranges: [ClosedRange<UInt32>]

  /// Creates a set of ranges, in any order, which may overlap.
  init(_ ranges: [ClosedRange<UInt32>]) {
    self.ranges = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
        let upper = max(last.upperBound, range.upperBound)
        self.ranges[self.ranges.count - 1] = last.lowerBound...upper
      } else {
        self.ranges.append(range)
      }
    }
  }

  static let all = ScalarSet([0...0xD7FF, 0xE000...0x10FFFF])
  static let digits = ScalarSet([0x30...0x39])
  static let wordCharacters = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  /// What ECMA-262 counts as white space and line ends.
  static let spaces = ScalarSet([
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
    0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
  ])
  /// What `.` stands for: all but line ends.
  static let dot = ScalarSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]).inverted

  /// The scalars that are not in it.
  var inverted: ScalarSet {
    var result: [ClosedRange<UInt32>] = []
    for whole in [0...0xD7FF, 0xE000...0x10FFFF] as [ClosedRange<UInt32>] {
      var next = whole.lowerBound
      for range in ranges where range.overlaps(whole) {
        if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
        next = max(next, range.upperBound + 1)
      }
      if next <= whole.upperBound { result.append(next...whole.upperBound) }
    }
    return ScalarSet(result)
  }

  /// The ways in which a JSON string of one spelling writes the scalars: ranges of bytes in a row.
  var spellings: [[ClosedRange<UInt8>]] {
    var result: [[ClosedRange<UInt8>]] = []
    for range in ranges {
      for scalar in range.lowerBound..<max(range.lowerBound, min(range.upperBound + 1, 0x20)) {
        result.append(Self.escape(scalar))
      }
      for special in [0x22, 0x5C, 0x7F] as [UInt32] where range.contains(special) {
        result.append(Self.escape(special))
      }
      for plain in Self.plain where range.overlaps(plain) {
        Self.addUTF8(range.clamped(to: plain), to: &result)
      }
    }
    return result
  }

  private static let plain: [ClosedRange<UInt32>] = [
    0x20...0x21, 0x23...0x5B, 0x5D...0x7E, 0x80...0xD7FF, 0xE000...0x10FFFF,
  ]

  private static func escape(_ scalar: UInt32) -> [ClosedRange<UInt8>] {
    guard let scalar = Unicode.Scalar(scalar) else { return [] }
    let quoted = JSONSpelling.bytes(of: String(Character(scalar)))
    return quoted.dropFirst().dropLast().map { $0...$0 }
  }

  /// Divides a range so that each part is one range a byte.
  private static func addUTF8(
    _ range: ClosedRange<UInt32>,
    to result: inout [[ClosedRange<UInt8>]]
  ) {
    var pending = [range]
    while let range = pending.popLast() {
      let (low, high) = (range.lowerBound, range.upperBound)
      if let limit = [0x7F, 0x7FF, 0xFFFF].first(where: { low <= $0 && $0 < high }) {
        pending.append((limit + 1)...high)
        pending.append(low...limit)
        continue
      }
      // The first of the 6-bit groups, from the last byte on, that is neither whole nor one value.
      let block = [6, 12, 18].map { (1 << $0 as UInt32) - 1 }
        .first { mask in
          low & ~mask != high & ~mask && (low & mask != 0 || high & mask != mask) && high > 0x7F
        }
      if let mask = block {
        if low & mask != 0 {
          pending.append(((low | mask) + 1)...high)
          pending.append(low...(low | mask))
        } else {
          pending.append((high & ~mask)...high)
          pending.append(low...((high & ~mask) - 1))
        }
        continue
      }
      guard let first = Unicode.Scalar(low), let last = Unicode.Scalar(high) else { continue }
      result.append(
        zip(Array(String(Character(first)).utf8), Array(String(Character(last)).utf8))
          .map { $0...$1 }
      )
    }
  }
}
