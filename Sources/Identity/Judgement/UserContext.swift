// SPDX-License-Identifier: Apache-2.0

/// What the user's turns before an answer tell about it.
struct UserContext: Sendable {
  /// The user asks for work on a sentence: translation, correction, quotation.
  var asksForText = false
  /// The last turn holds a text, behind a colon or in quotation marks.
  var givesText = false
  /// The user asks for a story, a scene, a dialogue.
  var asksForFiction = false
  /// The user asks who or what the assistant is, or who made it.
  var asksIdentity = false
  /// The user's last turn speaks to the assistant of itself: "you", "your", "yourself".
  var addresses = false
  /// The user's last turn pretends or sets a part.
  var asksForPart = false
  /// The last turn asks something.
  var isQuestion = false
  /// The last turn speaks of assistants.
  var speaksOfAI = false
  /// The companies that the last turn names.
  var named: Set<Int> = []
  /// The companies that any turn so far names.
  var mentioned: Set<Int> = []
  /// The names that the user says the assistant is.
  var suggested: [KnownName] = []
  /// The companies whose claims the user quotes or writes.
  var quoted: Set<Int> = []

  /// Notes the names of a turn that is not the last one.
  mutating func mention(_ turn: String, matcher: NameMatcher) {
    let text = MarkedText(turn, matcher: matcher, keepsQuotes: true)
    mentioned.formUnion(text.names.filter { !$0.name.isAllowed }.compactMap(\.name.maker))
  }

  /// Reads the user's turn before an answer.
  ///
  /// - Parameters:
  ///   - turn: Its text.
  ///   - matcher: Finds names.
  ///   - holdsNames: False where a scan has found none.
  mutating func take(_ turn: String, matcher: NameMatcher, holdsNames: Bool) {
    let words = WordSplitter.words(of: turn)
    isQuestion = words.contains { $0.isMark("?") || $0.isMark("؟") }
    speaksOfAI = Evidence.speaksOfAI(words[...])
    givesText = words.contains { $0.kind == .mark && ":\"“«「『'".contains($0.text) }
    asksForText = ContextCues.text.matches(words[...])
    asksForFiction = ContextCues.fiction.matches(words[...])
    asksIdentity = ContextCues.identity.matches(words[...])
    asksIdentity = asksIdentity || Self.asksNameAlone(words)
    addresses = Self.addresses(words)
    // "Which chatbot am I using?" asks the same.
    let isShort = words.count { $0.kind == .word } <= 2
    let asksForOwn =
      addresses || isShort && words.allSatisfy { $0.kind != .ideograph }
      || words.contains { Self.ownWords.contains($0.text) }
    asksIdentity = asksIdentity || asksForOwn && ContextCues.making.matches(words[...])
    asksForPart = ContextCues.part.matches(words[...])
    suggested = []
    quoted = []
    named = []
    guard holdsNames else { return }
    let open = MarkedText(turn, matcher: matcher, keepsQuotes: false)
    let all = MarkedText(turn, matcher: matcher, keepsQuotes: true)
    named = Set(all.names.filter { !$0.name.isAllowed }.compactMap(\.name.maker))
    mentioned.formUnion(named)
    guard all.names.contains(where: { !$0.name.isAllowed }) else { return }
    for grammar in Grammar.all {
      var judge = SentenceJudge(text: open, grammar: grammar)
      judge.isAddressed = true
      for sentence in open.sentences {
        suggested += judge.findings(in: sentence).filter { Self.isIdentity($0.rule) }
          .compactMap { $0.name.map { open.names[$0].name } }
      }
      let quoting = SentenceJudge(text: all, grammar: grammar)
      for sentence in all.sentences {
        for finding in quoting.findings(in: sentence) {
          if let name = finding.name, let maker = all.names[name].name.maker {
            quoted.insert(maker)
          }
        }
      }
    }
  }

  /// Whether a turn asks for nothing but a name.
  private static func asksNameAlone(_ words: [Word]) -> Bool {
    let spoken = words.filter { $0.kind == .word || $0.kind == .ideograph }
    guard spoken.count <= 3 else { return false }
    return ["name", "nombre", "नाम", "名 字", "الاسم", "اسمك", "got a name"].contains {
      Grammar.key($0) == spoken.reduce(WordHash()) { $0.followed(by: $1.hash) }.value
    }
  }

  private static let ownWords: Set<String> = [
    "i", "this", "dis", "estoy", "uso", "मैं", "أستخدم", "أتحدث",
  ]

  /// Whether a turn speaks to somebody.
  private static func addresses(_ words: [Word]) -> Bool {
    Grammar.all.contains { grammar in
      var phrase = WordHash()
      return words.indices.contains { start in
        phrase = WordHash()
        for word in words[start..<min(start + 2, words.count)] {
          guard word.kind == .word || word.kind == .ideograph else { return false }
          phrase = phrase.followed(by: word.hash)
          let tags = grammar.addressed[phrase.value] ?? []
          if !tags.isDisjoint(with: Tags.first) { return true }
          // Arabic writes short prepositions into the word.
          guard let letter = word.text.first, grammar.prefixes.contains(letter) else { continue }
          let rest = WordHash().followed(by: WordHash(word.text.dropFirst()))
          if let tags = grammar.addressed[rest.value], !tags.isDisjoint(with: Tags.first) {
            return true
          }
        }
        return false
      }
    }
  }

  static func isIdentity(_ rule: IdentityRule) -> Bool {
    [.selfName, .maker, .basis, .role].contains(rule)
  }

  /// Whether the user asked for these very words.
  func excuses(_ maker: Int?) -> Bool {
    if asksForText, givesText, !asksIdentity, suggested.isEmpty { return true }
    guard let maker else { return false }
    return asksForText && suggested.isEmpty && named.contains(maker)
      || quoted.contains(maker) && asksForText
  }
}
