// SPDX-License-Identifier: Apache-2.0

/// A pattern of file names as huggingface_hub's `allow_patterns` takes them: Python's `fnmatch`.
///
/// `*` stands for any characters, slashes too, `?` for one, `[abc]` and `[!a-z]` for one of a set.
/// A pattern that ends in a slash stands for all below that folder.
package struct GlobPattern: Sendable, Hashable {
  private enum Part: Hashable {
    case scalar(Unicode.Scalar)
    case any
    case run
    case set([ClosedRange<UInt32>], isNegated: Bool)
  }

  private let parts: [Part]

  /// Reads a pattern; every text is one.
  package init(_ text: String) {
    let scalars = Array((text.hasSuffix("/") ? text + "*" : text).unicodeScalars)
    var parts: [Part] = []
    var index = 0
    while index < scalars.count {
      switch scalars[index] {
      case "*":
        if parts.last != .run { parts.append(.run) }
        index += 1
      case "?":
        parts.append(.any)
        index += 1
      case "[":
        if let (set, next) = Self.set(in: scalars, after: index) {
          parts.append(set)
          index = next
        } else {
          // Without its end a bracket is a bracket.
          parts.append(.scalar("["))
          index += 1
        }
      default:
        parts.append(.scalar(scalars[index]))
        index += 1
      }
    }
    self.parts = parts
  }

  /// Whether the pattern matches the whole of a path.
  ///
  /// - Complexity: O(length of the path × length of the pattern), whatever the pattern.
  package func matches(_ path: String) -> Bool {
    let scalars = Array(path.unicodeScalars)
    var (part, index) = (0, 0)
    // Where to go on when a match fails: after the last run, one character later.
    var retry: (part: Int, index: Int)?
    while index < scalars.count {
      if part < parts.count, parts[part] == .run {
        part += 1
        retry = (part, index)
      } else if part < parts.count, Self.matches(parts[part], scalars[index]) {
        part += 1
        index += 1
      } else if let last = retry {
        retry = (last.part, last.index + 1)
        (part, index) = (last.part, last.index + 1)
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { $0 == .run }
  }

  private static func matches(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
    switch part {
    case .scalar(let expected): expected == scalar
    case .any: true
    case .run: false
    case .set(let ranges, let isNegated):
      ranges.contains { $0.contains(scalar.value) } != isNegated
    }
  }

  /// The set that a bracket opens, and the place after its end.
  private static func set(
    in scalars: [Unicode.Scalar],
    after open: Int
  ) -> (part: Part, next: Int)? {
    var start = open + 1
    let isNegated = start < scalars.count && scalars[start] == "!"
    if isNegated { start += 1 }
    // A bracket that closes at once belongs to the set.
    guard start < scalars.count,
      let end = scalars[(start + 1)...].firstIndex(of: "]")
    else { return nil }
    var ranges: [ClosedRange<UInt32>] = []
    var index = start
    while index < end {
      let low = scalars[index].value
      if index + 2 < end, scalars[index + 1] == "-" {
        let high = scalars[index + 2].value
        if low <= high { ranges.append(low...high) }
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    return (.set(ranges, isNegated: isNegated), end + 1)
  }
}
