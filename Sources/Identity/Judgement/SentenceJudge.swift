// SPDX-License-Identifier: Apache-2.0

/// Finds constructions in a sentence and drops those that deny, report, compare or quote.
struct SentenceJudge {
  let text: MarkedText
  let grammar: Grammar
  /// Whether a user speaks about the assistant, so that "you" is the speaker.
  var isAddressed = false

  /// All constructions of a sentence that stand.
  func findings(in sentence: Range<Int>, code: Bool = false) -> [Finding] {
    var units = text.units(sentence, grammar, isAddressed: isAddressed)
    demote(&units)
    let tags = units.map(\.tags)
    let union = tags.reduce(into: Tags()) { $0.formUnion($1) }
    let patterns = isAddressed ? grammar.addressedPatterns : grammar.patterns
    var findings: [Finding] = []
    for pattern in patterns {
      guard (pattern.rule == .author) == code || code, pattern.mayMatch(union),
        !Self.speakers.contains(pattern.rule) || pattern.holdsSpeaker
          || !union.isDisjoint(with: Tags.first)
      else { continue }
      for start in tags.indices {
        guard let range = pattern.match(tags[...], at: start) else { continue }
        if let finding = finding(pattern.rule, range, units) {
          findings.append(finding)
          break
        }
      }
    }
    return findings
  }

  /// What only a speaker can say of itself.
  private static let speakers: Set<IdentityRule> = [
    .selfName, .maker, .role, .basis, .control, .update, .unknownName,
  ]

  /// The first part of the sentence says yes, and none of it says no.
  func affirms(_ sentence: Range<Int>) -> Bool {
    let units = text.units(sentence, grammar)
    let end = min(sentence.upperBound, sentence.lowerBound + 14)
    guard
      units.prefix(7).contains(where: { $0.tags.contains(.yes) })
        || ContextCues.confirmation.matches(text.words[sentence.lowerBound..<end])
    else { return false }
    return !units.contains { $0.tags.contains(.negation) && !$0.tags.contains(.yes) }
  }

  /// Whether something in the sentence speaks against a claim: what it denies, and, where
  /// `reports` asks for it, what somebody else says.
  func denies(_ sentence: Range<Int>, reports: Bool = true) -> Bool {
    var tags: Tags = [.negation, .contrast, .own, .api]
    // Without its accent Spanish "sí" is "si", and English "would" is also polite.
    if !["es", "en", "und"].contains(grammar.code) { tags.insert(.condition) }
    return text.units(sentence, grammar).contains {
      !$0.tags.isDisjoint(with: tags) || reports && $0.tags.contains(.belief)
    }
  }

  // MARK: - What makes a name no speaker's name

  /// Takes the tags from names that are compared, that belong to a product, or that a person bears.
  private func demote(_ units: inout [Unit]) {
    for index in units.indices where !units[index].tags.isDisjoint(with: .name) {
      let next = units.indices.contains(index + 1) ? units[index + 1] : nil
      let isProduct = (1...2).contains { step in
        index + step < units.count && units[index + step].tags.contains(.api)
          && (step == 1 || units[index + 1].tags.isSubset(of: [.possession, .by]))
      }
      if isProduct || isCompared(index, units) || isPerson(index, units, next) {
        units[index].tags = .blocker
      }
    }
  }

  private func isCompared(_ index: Int, _ units: [Unit]) -> Bool {
    for distance in 1...4 where index >= distance {
      let tags = units[index - distance].tags
      if tags.contains(.contrast) { return true }
      if tags.contains(.separator) { break }
    }
    for distance in 1...3 where index + distance < units.count {
      let tags = units[index + distance].tags
      if tags.contains(.contrast) {
        // "Unlike" and its like stand before the name in languages that have prepositions.
        return grammar.code == "hi" || grammar.code == "zh" || grammar.code == "ar"
      }
      if tags.contains(.separator) { break }
    }
    return false
  }

  private func isPerson(_ index: Int, _ units: [Unit], _ next: Unit?) -> Bool {
    guard let place = units[index].name, text.names[place].name.isPerson else { return false }
    let words = text.names[place].words
    // "Claude Monet", "克劳德·莫奈".
    if let next, next.tags.contains(.unknown), isSpaced(next.words.lowerBound) { return true }
    if words.upperBound < text.words.count, text.words[words.upperBound].isMark("·") { return true }
    guard words.count == 1, index > 0 else { return false }
    let before = text.words[words.lowerBound - 1]
    let articles: Set<String> = [
      "a", "an", "the", "un", "una", "el", "la", "los", "las", "this", "esta",
    ]
    if articles.contains(before.text) {
      return next.map { $0.tags.isDisjoint(with: [.ai, .kin, .family]) } ?? true
    }
    // "Jean-Claude", "Uncle Claude".
    return units[index - 1].tags.contains(.unknown) && before.isCapitalized && index > 1
      && units[index - 2].tags.isDisjoint(with: [.separator])
  }

  private func isSpaced(_ word: Int) -> Bool { !text.words[word].isGlued }

  // MARK: - What makes a match a finding

  private func finding(_ rule: IdentityRule, _ range: Range<Int>, _ units: [Unit]) -> Finding? {
    // What a user supposes or denies of the assistant is still what an answer confirms.
    if !isAddressed, rule != .policy && isReported(range, units) || isDenied(rule, range, units) {
      return nil
    }
    if !isAddressed, isAsked(range, units) { return nil }
    if range.contains(where: { units[$0].tags.contains(.quote) }) { return nil }
    if rule == .cutoff {
      return Finding(rule: rule, name: nil, unknown: nil, language: grammar.code)
    }
    if rule == .unknownName {
      guard let unit = range.last(where: { units[$0].tags.contains(.unknown) }) else { return nil }
      let words = unknownWords(units[unit].words)
      return Finding(rule: rule, name: nil, unknown: words, language: grammar.code)
    }
    let place = range.last { !units[$0].tags.isDisjoint(with: .name) }
    guard let place, let name = units[place].name else { return nil }
    return Finding(rule: rule, name: name, unknown: nil, language: grammar.code)
  }

  private func unknownWords(_ words: Range<Int>) -> Range<Int> {
    var end = words.upperBound
    while end < text.words.count, text.words[end].kind == .word, text.words[end].isCapitalized {
      end += 1
    }
    return words.lowerBound..<end
  }

  /// Somebody else believes or says it, or it is a condition.
  private func isReported(_ range: Range<Int>, _ units: [Unit]) -> Bool {
    for distance in 1...5 where range.lowerBound >= distance {
      let index = range.lowerBound - distance
      let tags = units[index].tags
      if tags.contains(.separator) { return false }
      if tags.contains(.condition) { return true }
      guard tags.contains(.belief) else { continue }
      // "I think I am" is the speaker's own.
      let before = units[max(0, index - 2)..<index]
      return !before.contains { !$0.tags.isDisjoint(with: Tags.first) }
    }
    if grammar.code == "en", units[range.lowerBound].tags.contains(.condition) { return true }
    return false
  }

  /// The name stands in the last clause of a question.
  private func isAsked(_ range: Range<Int>, _ units: [Unit]) -> Bool {
    guard let sentence = units.last?.words.upperBound, sentence > 0 else { return false }
    let last = sentence < text.words.count ? text.words[sentence] : text.words[sentence - 1]
    guard last.isMark("?") || last.isMark("؟") || text.words[sentence - 1].isMark("?") else {
      return false
    }
    return !units[range.upperBound...].contains { $0.tags.contains(.separator) }
  }

  private func isNegation(_ index: Int, _ units: [Unit]) -> Bool {
    guard units[index].tags.contains(.negation) else { return false }
    return index + 1 >= units.count || !units[index + 1].tags.contains(.only)
  }

  private func isDenied(_ rule: IdentityRule, _ range: Range<Int>, _ units: [Unit]) -> Bool {
    var negations = range.filter { isNegation($0, units) }
    let reach = grammar.code == "es" ? 1 : 3
    for distance in 1...reach where range.lowerBound >= distance {
      let index = range.lowerBound - distance
      if !units[index].tags.isDisjoint(with: [.separator, .quote]) { break }
      if isNegation(index, units) { negations.append(index) }
    }
    // Hindi denies behind the name.
    if grammar.code == "hi" {
      for index in range.upperBound..<min(range.upperBound + 2, units.count) {
        if units[index].tags.contains(.separator) { break }
        if isNegation(index, units) { negations.append(index) }
      }
    }
    guard !negations.isEmpty else { return false }
    switch rule {
    case .control, .policy: return negations.contains { deniesControl($0, range, units) }
    case .refusal, .cutoff, .update: return false
    case .maker: return !isPresupposed(range, negations, units)
    default: return true
    }
  }

  /// "Not bound by X's rules" denies; "X does not allow me" does not.
  private func deniesControl(_ negation: Int, _ range: Range<Int>, _ units: [Unit]) -> Bool {
    let near = max(0, negation - 2)...min(units.count - 1, negation + 3)
    let tags = near.reduce(into: Tags()) { $0.formUnion(units[$1].tags) }
    if tags.contains(.control) || tags.contains(.cannot) { return false }
    if tags.contains(.make) { return true }
    let name = range.last { !units[$0].tags.isDisjoint(with: .name) } ?? range.lowerBound
    return negation < name && negation >= range.lowerBound - 3
  }

  /// "X did not train me to lie" says that X trained me.
  private func isPresupposed(_ range: Range<Int>, _ negations: [Int], _ units: [Unit]) -> Bool {
    let end = range.upperBound
    guard negations.allSatisfy({ $0 >= range.lowerBound - 1 && $0 < end }) else { return false }
    let isActive =
      !units[end - 1].tags.isDisjoint(with: [.object, .madeMe])
      || units[range].contains { $0.tags.contains(.madeMe) } || units[end - 1].tags.contains(.make)
    guard isActive, end < units.count else { return false }
    let rest = units[end..<min(end + 2, units.count)]
    return rest.first.map { $0.tags.contains(.surplus) && !$0.tags.contains(.separator) } ?? false
  }
}
