// SPDX-License-Identifier: Apache-2.0

/// A construction: a run of tags with gaps, written as text.
///
/// `i be ~6 model !s` reads: a speaker, a form of "be", up to six words that block nothing, a
/// model's name, and after it no possessive. `a|b` is one of two, `a?` may be absent, `~n` a gap
/// without blockers and separators, `_n` one that may cross separators, `=n` one that blockers may
/// stand in, `%n` one of any words, `^` and `$` the sentence's ends, `[` a clause's beginning, `!a` forbids what follows, `&a` demands it. `@` says
/// that the speaker need not be named, as where the verb's form does it.
struct Pattern: Sendable {
  private enum Element: Sendable {
    case one(Tags)
    case optional(Tags)
    case gap(Int, blockers: Tags)
    case not(Tags)
    case followed(Tags)
    case start
    case end
    case impliedSpeaker
    case clauseStart
  }

  private let elements: [Element]
  /// What the construction is, for reports.
  let rule: IdentityRule
  /// Whether the construction itself holds the speaker, so that the sentence need not.
  let holdsSpeaker: Bool
  /// The tags that a match needs, at least one of each.
  private let needed: [Tags]

  /// Reads a pattern.
  ///
  /// - Precondition: `text` uses the tags' names; the tables are the program's own.
  init(_ text: Substring, rule: IdentityRule) {
    self.rule = rule
    let elements: [Element] = text.split(separator: " ").map { word in
      switch word.first {
      case "~": .gap(Int(word.dropFirst()) ?? 0, blockers: [.blocker, .own, .separator, .quote])
      case "_": .gap(Int(word.dropFirst()) ?? 0, blockers: [.blocker, .own, .quote])
      case "=":
        .gap(Int(word.dropFirst()) ?? 0, blockers: [.own, .separator, .quote, .model, .maker])
      case "%": .gap(Int(word.dropFirst()) ?? 0, blockers: [])
      case "!": .not(Self.tags(word.dropFirst()))
      case "&": .followed(Self.tags(word.dropFirst()))
      case "@": .impliedSpeaker
      case "[": .clauseStart
      case "^": .start
      case "$": .end
      default: word.last == "?" ? .optional(Self.tags(word.dropLast())) : .one(Self.tags(word))
      }
    }
    self.elements = elements
    needed = elements.compactMap { if case .one(let tags) = $0 { tags } else { nil } }
    let speaker = Tags.first.union([.role, .talk, .this, .here])
    holdsSpeaker = elements.contains { element in
      switch element {
      case .one(let tags): tags.isSubset(of: speaker)
      case .impliedSpeaker: true
      default: false
      }
    }
  }

  private static func tags(_ word: Substring) -> Tags {
    word.split(separator: "|").reduce(into: []) { union, name in
      guard let tags = Tags.named[String(name)] else {
        preconditionFailure("no tag is named '\(name)'")
      }
      union.formUnion(tags)
    }
  }

  /// Whether a sentence with these tags can match at all.
  func mayMatch(_ union: Tags) -> Bool { needed.allSatisfy { !union.isDisjoint(with: $0) } }

  /// The first match that begins at `start`: its end and where its names stand.
  func match(_ tags: ArraySlice<Tags>, at start: Int) -> Range<Int>? {
    step(0, tags, start).map { start..<$0 }
  }

  private func step(_ index: Int, _ tags: ArraySlice<Tags>, _ position: Int) -> Int? {
    guard index < elements.count else { return position }
    switch elements[index] {
    case .clauseStart:
      let isStart = position == tags.startIndex || tags[position - 1].contains(.separator)
      return isStart ? step(index + 1, tags, position) : nil
    case .impliedSpeaker: return step(index + 1, tags, position)
    case .start:
      return position == tags.startIndex ? step(index + 1, tags, position) : nil
    case .end:
      let isEnd = position == tags.endIndex || tags[position].contains(.separator)
      return isEnd ? step(index + 1, tags, position) : nil
    case .not(let forbidden):
      if position < tags.endIndex, !tags[position].isDisjoint(with: forbidden) { return nil }
      return step(index + 1, tags, position)
    case .followed(let wanted):
      guard position < tags.endIndex, !tags[position].isDisjoint(with: wanted) else { return nil }
      return step(index + 1, tags, position)
    case .one(let wanted):
      guard position < tags.endIndex, !tags[position].isDisjoint(with: wanted) else { return nil }
      return step(index + 1, tags, position + 1)
    case .optional(let wanted):
      if position < tags.endIndex, !tags[position].isDisjoint(with: wanted),
        let end = step(index + 1, tags, position + 1)
      {
        return end
      }
      return step(index + 1, tags, position)
    case .gap(let limit, let blockers):
      var position = position
      for _ in 0...limit {
        if let end = step(index + 1, tags, position) { return end }
        guard position < tags.endIndex, tags[position].isDisjoint(with: blockers) else {
          return nil
        }
        position += 1
      }
      return nil
    }
  }
}
