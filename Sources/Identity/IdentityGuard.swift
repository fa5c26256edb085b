// SPDX-License-Identifier: Apache-2.0

/// Finds text in which a model would claim another assistant's identity.
///
/// Rules stand for constructions, names in tables; `Documentation/IdentityGuard.md` says what is
/// found and what is not. A guard is made once and used from any number of threads.
public struct IdentityGuard: Sendable {
  /// Whose identity may be claimed, and which names are known beyond the program's own.
  public struct Settings: Sendable, Hashable {
    /// The names that are no claims.
    ///
    /// A name of the table allows its whole row: the company and all
    /// its models.
    public var allowed: [String]
    /// More companies.
    public var makers: [KnownMaker]

    /// Creates settings.
    public init(allowed: [String] = ["Hadal"], makers: [KnownMaker] = []) {
      self.allowed = allowed
      self.makers = makers
    }
  }

  let makers: [KnownMaker]
  let matcher: NameMatcher
  let scan: CandidateScan

  /// Makes a guard; it takes some milliseconds.
  public init(_ settings: Settings = Settings()) {
    makers = KnownMaker.all + settings.makers
    let index = NameIndex(makers: makers, allowed: settings.allowed)
    matcher = NameMatcher(index)
    scan = CandidateScan(index)
  }

  /// All hits of a document, in order.
  public func check(_ document: IdentityDocument) -> [IdentityHit] {
    guard document.isConversation else {
      return document.turns.enumerated().flatMap { checkText($0.element.text, turn: $0.offset) }
    }
    return checkConversation(document.turns)
  }

  private func checkConversation(_ turns: [IdentityDocument.Turn]) -> [IdentityHit] {
    let isCandidate = turns.map { turn in
      scan.holdsCandidate(turn.text.utf8.span, in: turn.role == "assistant" ? .answer : .question)
    }
    guard isCandidate.contains(true) else { return [] }
    var context = UserContext()
    var asked: Int?
    var hits: [IdentityHit] = []
    for (index, turn) in turns.enumerated() {
      switch turn.role {
      case "user", "human":
        if let asked, isCandidate[asked] { context.mention(turns[asked].text, matcher: matcher) }
        asked = index
      case "assistant", "model", "gpt", "bot":
        guard isCandidate[index] || asked.map({ isCandidate[$0] }) ?? false else { continue }
        if let asked {
          context.take(turns[asked].text, matcher: matcher, holdsNames: isCandidate[asked])
        }
        let judge = TurnJudge(
          text: turn.text,
          turn: index,
          matcher: matcher,
          makers: makers,
          context: context,
          isConversation: true
        )
        hits += judge.hits()
      default: break
      }
    }
    return hits
  }

  /// The hits of a text, paragraph by paragraph.
  private func checkText(_ text: String, turn: Int) -> [IdentityHit] {
    var hits: [IdentityHit] = []
    let bytes = text.utf8.span
    guard scan.holdsCandidate(bytes, in: .text) else { return [] }
    for paragraph in Paragraphs.ranges(of: bytes) {
      let part = bytes.extracting(paragraph)
      guard scan.holdsCandidate(part, in: .text) else { continue }
      let judge = TurnJudge(
        text: String(copying: part),
        turn: turn,
        matcher: matcher,
        makers: makers,
        context: UserContext(),
        isConversation: false
      )
      hits += judge.hits().map { $0.moved(by: paragraph.lowerBound) }
    }
    return hits
  }

  /// Whether a text, or a turn, may hold a hit: a quick look that never says no to one.
  ///
  /// - Parameters:
  ///   - bytes: Well-formed UTF-8.
  ///   - inConversation: Whether it is a turn of a conversation.
  /// - Returns: False where `check` finds nothing.
  public func mayHoldHit(_ bytes: Span<UInt8>, inConversation: Bool = false) -> Bool {
    scan.holdsCandidate(bytes, in: inConversation ? .question : .text)
  }
}

extension IdentityHit {
  /// The same hit in a text that begins earlier.
  func moved(by count: Int) -> IdentityHit {
    var moved = self
    moved.nameBytes = nameBytes.lowerBound + count..<nameBytes.upperBound + count
    moved.sentenceBytes = sentenceBytes.lowerBound + count..<sentenceBytes.upperBound + count
    return moved
  }
}
