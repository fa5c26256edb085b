// SPDX-License-Identifier: Apache-2.0

/// A text that knows of each scalar whether the template or the data wrote it.
///
/// Texts are sequences of Unicode scalars, as in Python: indices, lengths and slices count them.
/// Equality and order look at the scalars alone.
struct OriginText: Sendable {
  /// Who wrote a scalar.
  enum Origin: Sendable {
    /// The template's own text or literals: it may form control tokens.
    case template
    /// Messages, tools, documents, variables, and whatever a filter adds of itself: plain text.
    case data

    var other: Origin { self == .template ? .data : .template }

    /// The origin of what is computed from both.
    func joined(_ other: Origin) -> Origin {
      self == .data || other == .data ? .data : .template
    }
  }

  /// The scalars.
  private(set) var scalars: [Unicode.Scalar]
  /// The origin of the first stretch.
  private var first: Origin
  /// Where the origin changes, ascending, each inside the text.
  private var turns: [Int] = []
  /// Whether the text is marked as safe from escaping, as the filter `safe` does.
  var isMarkup = false

  init() {
    scalars = []
    first = .template
  }

  init(_ text: String, _ origin: Origin) {
    scalars = Array(text.unicodeScalars)
    first = origin
  }

  init(_ scalars: [Unicode.Scalar], _ origin: Origin) {
    self.scalars = scalars
    first = origin
  }

  init(_ scalar: Unicode.Scalar, _ origin: Origin) {
    scalars = [scalar]
    first = origin
  }

  var count: Int { scalars.count }

  var isEmpty: Bool { scalars.isEmpty }

  /// The text without its origins.
  var string: String {
    // A view of scalars would take them one by one, by way of UTF-32.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar.isASCII {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: scalar.utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The stretches of one origin, in order, none empty.
  var runs: [(range: Range<Int>, origin: Origin)] {
    var result: [(range: Range<Int>, origin: Origin)] = []
    var start = 0
    var origin = first
    for turn in turns + [count] where turn > start {
      result.append((range: start..<turn, origin: origin))
      start = turn
      origin = origin.other
    }
    return result
  }

  /// The origin of the scalar at `index`.
  ///
  /// - Complexity: O(log of the number of stretches).
  func origin(at index: Int) -> Origin {
    turnCount(upTo: index) % 2 == 0 ? first : first.other
  }

  /// Whether the whole text has one origin, and which; an empty text is the template's.
  var uniformOrigin: Origin? {
    if isEmpty { return .template }
    return turns.isEmpty ? first : nil
  }

  /// How many changes of origin lie at or before `index`.
  private func turnCount(upTo index: Int) -> Int {
    var (low, high) = (0, turns.count)
    while low < high {
      let middle = (low + high) / 2
      if turns[middle] <= index { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A stretch of the text, with its origins.
  subscript(range: Range<Int>) -> OriginText {
    if range.count == count { return self }
    var result = OriginText(Array(scalars[range]), first)
    result.isMarkup = isMarkup
    if !turns.isEmpty, !range.isEmpty {
      let low = turnCount(upTo: range.lowerBound)
      result.first = low % 2 == 0 ? first : first.other
      for turn in turns[low...] {
        if turn >= range.upperBound { break }
        result.turns.append(turn - range.lowerBound)
      }
    }
    return result
  }

  /// One scalar as a text.
  func scalarText(at index: Int) -> OriginText {
    var result = OriginText(scalars[index], turns.isEmpty ? first : origin(at: index))
    result.isMarkup = isMarkup
    return result
  }

  mutating func reserveCapacity(_ count: Int) { scalars.reserveCapacity(count) }

  mutating func append(_ scalar: Unicode.Scalar, _ origin: Origin) {
    noteStretch(origin)
    scalars.append(scalar)
  }

  mutating func append(_ text: String, _ origin: Origin) {
    guard !text.isEmpty else { return }
    noteStretch(origin)
    scalars.append(contentsOf: text.unicodeScalars)
  }

  mutating func append(_ other: OriginText) {
    guard !other.isEmpty else { return }
    if isEmpty {
      scalars.append(contentsOf: other.scalars)
      (first, turns) = (other.first, other.turns)
      return
    }
    noteStretch(other.first)
    if !other.turns.isEmpty {
      let offset = count
      for turn in other.turns { turns.append(turn + offset) }
    }
    scalars.append(contentsOf: other.scalars)
  }

  /// Says who writes what is appended next.
  private mutating func noteStretch(_ origin: Origin) {
    if isEmpty {
      (first, turns) = (origin, [])
    } else if (turns.count % 2 == 0 ? first : first.other) != origin {
      turns.append(count)
    }
  }

  func appending(_ other: OriginText) -> OriginText {
    var result = self
    result.append(other)
    return result
  }

  /// The same scalars, all of one origin.
  func withOrigin(_ origin: Origin) -> OriginText {
    var result = OriginText(scalars, origin)
    result.isMarkup = isMarkup
    return result
  }

  /// The same text, marked as safe or not.
  func markup(_ isMarkup: Bool) -> OriginText {
    guard isMarkup != self.isMarkup else { return self }
    var result = self
    result.isMarkup = isMarkup
    return result
  }

  /// The text made of what `transform` makes of each scalar, with that scalar's origin.
  func mapScalars(
    _ transform: (Unicode.Scalar, Int, inout OriginText, Origin) -> Void
  ) -> OriginText {
    var result = OriginText()
    result.isMarkup = isMarkup
    result.reserveCapacity(count)
    for run in runs {
      for index in run.range { transform(scalars[index], index, &result, run.origin) }
    }
    return result
  }
}

extension OriginText: Hashable {
  static func == (left: OriginText, right: OriginText) -> Bool { left.scalars == right.scalars }

  func hash(into hasher: inout Hasher) { hasher.combine(scalars) }
}

extension OriginText: Comparable {
  static func < (left: OriginText, right: OriginText) -> Bool {
    left.scalars.lexicographicallyPrecedes(right.scalars)
  }
}
