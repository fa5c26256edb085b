// SPDX-License-Identifier: Apache-2.0

extension OriginText {
  /// The first place of `needle` in a stretch.
  ///
  /// - Complexity: O(length of the stretch + length of the needle), whatever they hold.
  func firstIndex(of needle: OriginText, in range: Range<Int>? = nil) -> Int? {
    var search = OccurrenceSearch(needle.scalars)
    return search.next(in: scalars, range ?? 0..<count)
  }

  /// The last place of `needle` in a stretch.
  func lastIndex(of needle: OriginText, in range: Range<Int>? = nil) -> Int? {
    let range = range ?? 0..<count
    if needle.isEmpty { return range.upperBound }
    // The last occurrence is the first one of the mirrored needle in the mirrored text.
    var search = OccurrenceSearch(needle.scalars.reversed())
    let mirrored = Array(scalars[range].reversed())
    guard let place = search.next(in: mirrored, 0..<mirrored.count) else { return nil }
    return range.upperBound - place - needle.count
  }

  /// The places of `needle` that do not overlap, from the left, at most `limit` of them.
  func indices(of needle: OriginText, in range: Range<Int>? = nil, limit: Int = .max) -> [Int] {
    let range = range ?? 0..<count
    guard !needle.isEmpty else {
      return Array((range.lowerBound...range.upperBound).prefix(limit))
    }
    var search = OccurrenceSearch(needle.scalars)
    var result: [Int] = []
    var start = range.lowerBound
    while result.count < limit,
      let place = search.next(in: scalars, start..<range.upperBound)
    {
      result.append(place)
      start = place + needle.count
    }
    return result
  }

  func hasPrefix(_ other: OriginText) -> Bool { scalars.starts(with: other.scalars) }

  func hasSuffix(_ other: OriginText) -> Bool {
    count >= other.count && scalars[(count - other.count)...].elementsEqual(other.scalars)
  }

  /// The text without the scalars at its ends that `isStripped` names.
  func stripped(
    left: Bool = true,
    right: Bool = true,
    where isStripped: (Unicode.Scalar) -> Bool = PythonText.isSpace
  ) -> OriginText {
    var (lower, upper) = (0, count)
    if left { while lower < upper, isStripped(scalars[lower]) { lower += 1 } }
    if right { while upper > lower, isStripped(scalars[upper - 1]) { upper -= 1 } }
    return self[lower..<upper]
  }

  /// The parts between white space, at most `limit` cuts from the left.
  func splitAtSpace(limit: Int) -> [OriginText] {
    var parts: [OriginText] = []
    var position = 0
    while true {
      while position < count, PythonText.isSpace(scalars[position]) { position += 1 }
      guard position < count else { return parts }
      if parts.count >= limit {
        parts.append(self[position..<count].stripped(left: false))
        return parts
      }
      let start = position
      while position < count, !PythonText.isSpace(scalars[position]) { position += 1 }
      parts.append(self[start..<position])
    }
  }

  /// The parts between white space, at most `limit` cuts from the right.
  func splitAtSpaceFromRight(limit: Int) -> [OriginText] {
    var parts: [OriginText] = []
    var position = count
    while true {
      while position > 0, PythonText.isSpace(scalars[position - 1]) { position -= 1 }
      guard position > 0 else { break }
      if parts.count >= limit {
        parts.append(self[0..<position].stripped(right: false))
        break
      }
      let end = position
      while position > 0, !PythonText.isSpace(scalars[position - 1]) { position -= 1 }
      parts.append(self[position..<end])
    }
    return parts.reversed()
  }

  /// The parts between the places where a separator stands.
  func cut(at places: [Int], length: Int) -> [OriginText] {
    var parts: [OriginText] = []
    parts.reserveCapacity(places.count + 1)
    var start = 0
    for place in places {
      parts.append(self[start..<place])
      start = place + length
    }
    parts.append(self[start..<count])
    return parts
  }

  /// The places of `needle` that do not overlap, from the right, ascending.
  func indicesFromRight(of needle: OriginText, limit: Int) -> [Int] {
    var search = OccurrenceSearch(needle.scalars.reversed())
    let mirrored = Array(scalars.reversed())
    var result: [Int] = []
    var start = 0
    while result.count < limit, let place = search.next(in: mirrored, start..<count) {
      result.append(count - place - needle.count)
      start = place + needle.count
    }
    return result.reversed()
  }

  /// The lines, cut where Python's `splitlines` cuts.
  func lines(keepingEnds: Bool = false) -> [OriginText] {
    var parts: [OriginText] = []
    var start = 0
    var position = 0
    while position < count {
      guard PythonText.isLineEnd(scalars[position]) else {
        position += 1
        continue
      }
      let end = position
      position += 1
      if scalars[end] == "\r", position < count, scalars[position] == "\n" { position += 1 }
      parts.append(self[start..<(keepingEnds ? position : end)])
      start = position
    }
    if start < count { parts.append(self[start..<count]) }
    return parts
  }
}

/// Finds a needle from left to right in linear time (Knuth, Morris, Pratt 1977).
private struct OccurrenceSearch {
  private let needle: [Unicode.Scalar]
  /// By place: the length of the longest border of the needle up to it.
  private var borders: [Int] = []

  init(_ needle: [Unicode.Scalar]) { self.needle = needle }

  mutating func next(in text: [Unicode.Scalar], _ range: Range<Int>) -> Int? {
    guard range.lowerBound <= range.upperBound else { return nil }
    guard let first = needle.first else { return range.lowerBound }
    guard needle.count <= range.count else { return nil }
    if needle.count == 1 { return text[range].firstIndex(of: first) }
    if borders.isEmpty { findBorders() }
    var matched = 0
    for index in range {
      while matched > 0, text[index] != needle[matched] { matched = borders[matched - 1] }
      if text[index] == needle[matched] { matched += 1 }
      if matched == needle.count { return index - matched + 1 }
    }
    return nil
  }

  private mutating func findBorders() {
    borders = [Int](repeating: 0, count: needle.count)
    var length = 0
    for index in 1..<needle.count {
      while length > 0, needle[index] != needle[length] { length = borders[length - 1] }
      if needle[index] == needle[length] { length += 1 }
      borders[index] = length
    }
  }
}
