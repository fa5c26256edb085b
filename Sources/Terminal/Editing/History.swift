// SPDX-License-Identifier: Apache-2.0

/// The texts that were entered, the oldest first, without two equal ones in a row.
public struct History: Hashable, Sendable {
  /// The texts, the oldest first.
  public private(set) var entries: [String]
  /// How many texts are kept at most.
  public let countLimit: Int

  /// Creates a history.
  ///
  /// - Parameters:
  ///   - entries: The oldest first.
  ///   - countLimit: At least 1.
  public init(_ entries: [String] = [], countLimit: Int = 1000) {
    self.countLimit = max(countLimit, 1)
    self.entries = []
    for entry in entries { add(entry) }
  }

  /// Adds a text, unless it is blank or equals the newest.
  ///
  /// - Returns: Whether it was added.
  @discardableResult
  public mutating func add(_ text: String) -> Bool {
    guard text.contains(where: { !$0.isWhitespace }), text != entries.last else { return false }
    entries.append(text)
    if entries.count > countLimit { entries.removeFirst(entries.count - countLimit) }
    return true
  }

  /// Returns the newest entry older than `index` that contains a text, or the oldest newer one.
  ///
  /// Upper and lower case count only where the text has upper case.
  ///
  /// - Complexity: O(n) in the history's characters.
  func match(_ query: String, from index: Int, isBackward: Bool) -> (index: Int, offset: Int)? {
    let ignoresCase = query == query.lowercased()
    let needle = Array(query)
    var index = index
    while entries.indices.contains(index) {
      let entry = ignoresCase ? entries[index].lowercased() : entries[index]
      let characters = Array(entry)
      if let offset = Self.firstOffset(of: needle, in: characters) { return (index, offset) }
      index += isBackward ? -1 : 1
    }
    return nil
  }

  private static func firstOffset(of needle: [Character], in text: [Character]) -> Int? {
    guard let first = needle.first else { return 0 }
    guard needle.count <= text.count else { return nil }
    return (0...(text.count - needle.count)).first { start in
      text[start] == first && text[start..<(start + needle.count)].elementsEqual(needle)
    }
  }
}
