// SPDX-License-Identifier: Apache-2.0

/// The texts that were cut, the newest last.
struct KillRing: Hashable, Sendable {
  private var texts: [String] = []
  /// Which of them the last insertion took, counted from the newest.
  private var depth = 0
  private var isGrowing = false

  // LIMIT: as GNU readline keeps; nobody turns a ring further.
  private static let countLimit = 10

  /// Keeps a text that was cut; cuts that follow each other are one.
  mutating func keep(_ text: String, isBefore: Bool) {
    guard !text.isEmpty else { return }
    if isGrowing, let last = texts.popLast() {
      texts.append(isBefore ? text + last : last + text)
    } else {
      texts.append(text)
      if texts.count > Self.countLimit { texts.removeFirst() }
    }
    isGrowing = true
    depth = 0
  }

  /// Ends a series of cuts.
  mutating func endSeries() { isGrowing = false }

  /// The text to insert, nil where nothing was cut.
  mutating func newest() -> String? {
    depth = 0
    return texts.last
  }

  /// The text that was cut before the one inserted last.
  mutating func next() -> String? {
    guard !texts.isEmpty else { return nil }
    depth = (depth + 1) % texts.count
    return texts[texts.count - 1 - depth]
  }
}
