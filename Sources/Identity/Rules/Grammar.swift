// SPDX-License-Identifier: Apache-2.0

/// The words and constructions of one language, read from its tables.
struct Grammar: Sendable {
  /// The language's code; "und" for the table of all others.
  let code: String
  /// Tags by the hashes of phrases.
  let lexicon: [UInt64: Tags]
  /// The same words for a user who speaks of the assistant: "you" is the speaker.
  let addressed: [UInt64: Tags]
  let patterns: [Pattern]
  /// Those of a user who speaks about the assistant: `patterns`, and some that only questions have.
  let addressedPatterns: [Pattern]
  /// Short prefixes that a word may carry and still be found.
  let prefixes: Set<Character>
  /// The tables as they are written, for the digest of the rules.
  let tables: [String]

  // LIMIT: no phrase of the tables is longer.
  static let longestPhrase = 7

  /// Reads tables: lines `tag tag: phrase, phrase` and `rule: pattern`.
  init(
    _ code: String,
    words: String,
    addressed secondPerson: String,
    patterns: String,
    questions: String = "",
    prefixes: Set<Character> = []
  ) {
    self.code = code
    self.prefixes = prefixes
    tables = [code, words, secondPerson, patterns, questions]
    lexicon = Self.lexicon(words)
    let third = lexicon.mapValues { $0.subtracting(Tags.first.union(.you)) }
    addressed = third.merging(Self.lexicon(secondPerson)) { $0.union($1) }
    self.patterns = Self.patterns(patterns)
    addressedPatterns = self.patterns + Self.patterns(questions)
  }

  private static func lexicon(_ table: String) -> [UInt64: Tags] {
    var lexicon: [UInt64: Tags] = [:]
    for line in table.split(separator: "\n") {
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2 else { preconditionFailure("no tag stands before ':' in '\(line)'") }
      let tags = halves[0].split(separator: " ").reduce(into: Tags()) { union, name in
        guard let tags = Tags.named[String(name)] else {
          preconditionFailure("no tag is named '\(name)'")
        }
        union.formUnion(tags)
      }
      for phrase in halves[1].split(separator: ",") {
        lexicon[key(String(phrase)), default: []].formUnion(tags)
      }
    }
    return lexicon
  }

  private static func patterns(_ table: String) -> [Pattern] {
    table.split(separator: "\n").flatMap { line -> [Pattern] in
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2, let rule = IdentityRule(rawValue: String(halves[0])) else {
        preconditionFailure("no rule stands before ':' in '\(line)'")
      }
      return halves[1].split(separator: ";").map { Pattern($0, rule: rule) }
    }
  }

  /// The hash of a phrase.
  static func key(_ phrase: String) -> UInt64 {
    WordSplitter.words(of: phrase).filter { $0.kind == .word || $0.kind == .ideograph }
      .reduce(WordHash()) { $0.followed(by: $1.hash) }.value
  }

  /// All languages.
  static let all: [Grammar] = [english, spanish, hindi, chinese, arabic, others]
}
