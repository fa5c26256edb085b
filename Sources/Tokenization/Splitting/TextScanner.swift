// SPDX-License-Identifier: Apache-2.0

/// The hand-written scanners over a text that ends at `end`.
///
/// Each is held to the general path on the same pattern by a test.
struct TextScanner: ~Escapable {
  let text: Span<UInt8>
  let end: Int
  let classes: UnicodeClasses
  /// Classes that cut the text into stretches, for the scanners that say so: scalars that differ in
  /// them never stand in one match.
  let stops: ClassMask
  /// Which of `stops` the scalars of the present stretch are in.
  var stretch: ClassMask = []

  @_lifetime(copy text)
  init(_ text: Span<UInt8>, end: Int, stops: ClassMask = []) {
    self.text = text
    self.end = end
    self.classes = UnicodeClasses.shared
    self.stops = stops
  }

  /// Returns the first match of a scanner that answers for one position.
  ///
  /// - Parameters:
  ///   - start: The first position that is tried.
  ///   - match: Returns where the match that begins at a position ends, nil if none does.
  /// - Returns: The match.
  @inline(__always)
  func first(from start: Int, _ match: (borrowing TextScanner, Int) -> Int?) -> Range<Int>? {
    var position = start
    while position < end {
      if let matchEnd = match(self, position) { return position..<matchEnd }
      position += text.scalar(at: position).length
    }
    return nil
  }

  func run(of set: CharacterSet, maximum: Int, from start: Int) -> Range<Int>? {
    var position = start
    while position < end {
      let scalar = text.scalar(at: position)
      if set.contains(scalar.value, classes) {
        return position..<runEnd(of: set, maximum: maximum, from: position)
      }
      position += scalar.length
    }
    return nil
  }

  func spacedRun(of set: CharacterSet, from start: Int) -> Range<Int>? {
    var position = start
    while position < end {
      let scalar = text.scalar(at: position)
      let next = position + scalar.length
      if classes.mask(scalar.value).contains(.space), next < end,
        set.contains(text.scalar(at: next).value, classes)
      {
        return position..<runEnd(of: set, maximum: .max, from: next)
      }
      if set.contains(scalar.value, classes) {
        return position..<runEnd(of: set, maximum: .max, from: position)
      }
      position = next
    }
    return nil
  }

  /// Returns the first match of `\s+$`.
  ///
  /// No run of white space is looked at twice. A `$` also stands before each line feed, and the
  /// greedy run goes on to the last one that it can reach.
  func trailingSpace(from start: Int) -> Range<Int>? {
    var position = start
    while position < end {
      let scalar = text.scalar(at: position)
      guard classes.mask(scalar.value).contains(.space) else {
        position += scalar.length
        continue
      }
      let runStart = position
      var lastLineFeed: Int?
      while position < end {
        let next = text.scalar(at: position)
        guard classes.mask(next.value).contains(.space) else { break }
        if next.value == 0x0A, position > runStart { lastLineFeed = position }
        position += next.length
      }
      if position == end { return runStart..<end }
      if let lastLineFeed { return runStart..<lastLineFeed }
    }
    return nil
  }

  func literal(_ bytes: [UInt8], from start: Int) -> Range<Int>? {
    guard let first = bytes.first, end - start >= bytes.count else { return nil }
    for position in start...end - bytes.count where text[position] == first {
      if bytes.indices.allSatisfy({ text[position + $0] == bytes[$0] }) {
        return position..<position + bytes.count
      }
    }
    return nil
  }

  private func runEnd(of set: CharacterSet, maximum: Int, from start: Int) -> Int {
    var position = start
    var count = 0
    while position < end, count < maximum {
      let scalar = text.scalar(at: position)
      guard set.contains(scalar.value, classes) else { break }
      position += scalar.length
      count += 1
    }
    return position
  }
}
