// SPDX-License-Identifier: Apache-2.0

/// Finds stop strings in streamed text and holds back what may yet become one.
public struct StopMatcher: Sendable {
  private let stops: [[UInt8]]
  private var held: [UInt8] = []
  /// The stop string that was found.
  public private(set) var found: String?

  /// Creates a matcher; empty strings never match.
  public init(_ stops: [String]) {
    self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
  }

  /// Takes more text.
  ///
  /// - Returns: The text that is sure to come before any stop string, and whether one was found;
  ///   after that nothing more is released.
  public mutating func append(_ text: String) -> (text: String, found: Bool) {
    guard !stops.isEmpty else { return (text, false) }
    held += text.utf8
    var earliest: (start: Int, stop: [UInt8])?
    for stop in stops {
      if let start = Self.firstMatch(of: stop, in: held), start < earliest?.start ?? .max {
        earliest = (start, stop)
      }
    }
    if let earliest {
      let released = String(decoding: held[..<earliest.start], as: UTF8.self)
      found = String(decoding: earliest.stop, as: UTF8.self)
      held = []
      return (released, true)
    }
    let keep = stops.reduce(0) { max($0, Self.partialMatch(of: $1, atEndOf: held)) }
    let released = String(decoding: held[..<(held.count - keep)], as: UTF8.self)
    held.removeFirst(held.count - keep)
    return (released, false)
  }

  /// What is held back when the text ends.
  public mutating func finish() -> String {
    defer { held = [] }
    return String(decoding: held, as: UTF8.self)
  }

  private static func firstMatch(of stop: [UInt8], in text: [UInt8]) -> Int? {
    guard text.count >= stop.count else { return nil }
    return (0...text.count - stop.count).first { text[$0..<$0 + stop.count].elementsEqual(stop) }
  }

  /// How many bytes at the end of the text begin the stop string.
  ///
  /// Both are whole characters' UTF-8, so a cut never falls inside a character.
  private static func partialMatch(of stop: [UInt8], atEndOf text: [UInt8]) -> Int {
    var count = min(stop.count - 1, text.count)
    while count > 0 {
      if text[(text.count - count)...].elementsEqual(stop[..<count]) { return count }
      count -= 1
    }
    return 0
  }
}
