// SPDX-License-Identifier: Apache-2.0

/// Normalization form C of Unicode 16 (UAX 15), from tables that are compiled in.
struct CanonicalComposition: Sendable {
  /// The one table; constant data, built from the generated texts at first use.
  static let shared = CanonicalComposition()

  private let combiningClasses: [UInt32: UInt8]
  private let decompositions: [UInt32: [UInt32]]
  private let compositions: [UInt64: UInt32]
  /// Whether a block of 256 code points holds a scalar that composition may change or move.
  private let suspectBlocks: [Bool]
  private let suspects: Set<UInt32>

  private init() {
    var classes: [UInt32: UInt8] = [:]
    for entry in UnicodeTables.combiningClasses.split(separator: " ") {
      let fields = entry.split(separator: ".").compactMap { UInt32($0, radix: 16) }
      for scalar in fields[0]..<fields[0] + fields[1] { classes[scalar] = UInt8(fields[2]) }
    }
    var decompositions: [UInt32: [UInt32]] = [:]
    var compositions: [UInt64: UInt32] = [:]
    // A scalar needs a look if its class is not 0, if it never stands in a composed text, or if
    // it can be the second of a pair.
    var suspects = Set(classes.keys)
    for entry in UnicodeTables.decompositions.split(separator: " ") {
      let composes = entry.utf8.contains(UInt8(ascii: "="))
      let sides = entry.split(separator: composes ? "=" : "~")
      let scalar = UInt32(sides[0], radix: 16) ?? 0
      let parts = sides[1].split(separator: ".").compactMap { UInt32($0, radix: 16) }
      decompositions[scalar] = parts
      if composes, parts.count == 2 {
        compositions[UInt64(parts[0]) << 32 | UInt64(parts[1])] = scalar
        suspects.insert(parts[1])
      } else {
        suspects.insert(scalar)
      }
    }
    var blocks = [Bool](repeating: false, count: 0x1100)
    for scalar in suspects { blocks[Int(scalar >> 8)] = true }
    for scalar in Hangul.vowels { blocks[Int(scalar >> 8)] = true }
    self.combiningClasses = classes
    self.decompositions = decompositions
    self.compositions = compositions
    self.suspects = suspects
    self.suspectBlocks = blocks
  }

  /// Returns the text in form C, nil if it already is.
  func composed(_ text: Span<UInt8>) -> [UInt8]? {
    guard mayChange(text) else { return nil }
    var scalars = decomposed(text)
    order(&scalars)
    compose(&scalars)
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for scalar in scalars { result.appendScalar(scalar) }
    return result
  }

  private func mayChange(_ text: Span<UInt8>) -> Bool {
    var position = 0
    while position < text.count {
      // Everything below U+0300 is composed and stays where it is.
      if text[position] < 0xCC {
        position += text[position] < 0x80 ? 1 : 2
        continue
      }
      let scalar = text.scalar(at: position)
      if suspectBlocks[Int(scalar.value >> 8)] {
        if suspects.contains(scalar.value) || Hangul.isTrailing(scalar.value) { return true }
      }
      position += scalar.length
    }
    return false
  }

  private func decomposed(_ text: Span<UInt8>) -> [UInt32] {
    var result: [UInt32] = []
    var pending: [UInt32] = []
    var position = 0
    while position < text.count {
      let scalar = text.scalar(at: position)
      position += scalar.length
      if scalar.value < 0xC0 {
        result.append(scalar.value)
        continue
      }
      if let parts = Hangul.decomposed(scalar.value) {
        result += parts
        continue
      }
      pending = [scalar.value]
      while let next = pending.popLast() {
        if let parts = decompositions[next] {
          pending += parts.reversed()
        } else {
          result.append(next)
        }
      }
    }
    return result
  }

  /// Sorts each run of combining marks by class; equal classes keep their order.
  private func order(_ scalars: inout [UInt32]) {
    var index = 0
    while index < scalars.count {
      guard combiningClass(scalars[index]) != 0 else {
        index += 1
        continue
      }
      var end = index
      while end < scalars.count, combiningClass(scalars[end]) != 0 { end += 1 }
      // Stable by the index, so a text of marks alone is sorted in n log n.
      let run = scalars[index..<end].enumerated().map { (combiningClass($1), $0, $1) }
      let sorted = run.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      for (offset, mark) in sorted.enumerated() { scalars[index + offset] = mark.2 }
      index = end
    }
  }

  private func compose(_ scalars: inout [UInt32]) {
    var written = 0
    var starter: Int?
    var lastClass: UInt8 = 0
    for index in scalars.indices {
      let scalar = scalars[index]
      let thisClass = combiningClass(scalar)
      let isAdjacent = starter.map { written == $0 + 1 } ?? false
      if let place = starter, isAdjacent || lastClass < thisClass,
        let pair = composition(scalars[place], scalar)
      {
        scalars[place] = pair
        continue
      }
      if thisClass == 0 { starter = written }
      lastClass = thisClass
      scalars[written] = scalar
      written += 1
    }
    scalars.removeLast(scalars.count - written)
  }

  private func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    Hangul.composition(first, second) ?? compositions[UInt64(first) << 32 | UInt64(second)]
  }

  private func combiningClass(_ scalar: UInt32) -> UInt8 {
    scalar < 0x300 ? 0 : combiningClasses[scalar] ?? 0
  }
}

/// The Hangul syllables, which compose by arithmetic (The Unicode Standard, section 3.12).
private enum Hangul {
  static let leads: Range<UInt32> = 0x1100..<0x1113
  static let vowels: Range<UInt32> = 0x1161..<0x1176
  static let trails: Range<UInt32> = 0x11A8..<0x11C3
  static let syllables: Range<UInt32> = 0xAC00..<0xD7A4

  static func isTrailing(_ scalar: UInt32) -> Bool {
    vowels.contains(scalar) || trails.contains(scalar)
  }

  static func decomposed(_ scalar: UInt32) -> [UInt32]? {
    guard syllables.contains(scalar) else { return nil }
    let index = scalar - syllables.lowerBound
    let pair = [leads.lowerBound + index / 588, vowels.lowerBound + index % 588 / 28]
    let trail = index % 28
    return trail == 0 ? pair : pair + [trails.lowerBound + trail - 1]
  }

  static func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if leads.contains(first), vowels.contains(second) {
      let index = (first - leads.lowerBound) * 21 + (second - vowels.lowerBound)
      return syllables.lowerBound + index * 28
    }
    if syllables.contains(first), (first - syllables.lowerBound) % 28 == 0,
      trails.contains(second)
    {
      return first + (second - trails.lowerBound + 1)
    }
    return nil
  }
}
