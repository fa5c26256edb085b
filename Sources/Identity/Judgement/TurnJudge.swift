// SPDX-License-Identifier: Apache-2.0

/// Judges one turn, with what is known of the user's turns before it.
struct TurnJudge {
  let text: String
  let turn: Int
  let matcher: NameMatcher
  let makers: [KnownMaker]
  let context: UserContext
  let isConversation: Bool

  /// A segment with its words.
  struct Part {
    var segment: Segment
    var text: MarkedText
  }

  /// The hits of the turn, at most one a sentence.
  func hits() -> [IdentityHit] {
    let parts = Segment.all(of: text).map { segment in
      Part(
        segment: segment,
        text: MarkedText(slice(segment.bytes), matcher: matcher, keepsQuotes: segment.kind == .code)
      )
    }
    let namesOwn = parts.contains { $0.text.names.contains { $0.name.isAllowed } }
    let speaksOfAI = Evidence.speaksOfAI(text, inConversation: isConversation)
    // Without a name there is only what an assistant says of itself.
    let speaksOfItself =
      speaksOfAI || isConversation && (context.asksIdentity || !context.suggested.isEmpty)
      || isConversation
        && parts.contains {
          Evidence.tellsCutoff($0.text.words[...]) || Evidence.speaksAsAssistant($0.text.words[...])
        }
    var hits: [IdentityHit] = []
    var isFirst = true
    for part in parts {
      let namesOne = part.text.names.contains { !$0.name.isAllowed }
      for sentence in part.text.sentences {
        defer { if part.segment.kind == .prose { isFirst = false } }
        guard speaksOfItself || namesOne && part.text.holdsName(in: sentence) else { continue }
        let state = SentenceState(namesOwn: namesOwn, speaksOfAI: speaksOfAI, isFirst: isFirst)
        if let hit = hit(sentence, part, state) { hits.append(hit) }
      }
    }
    if isConversation, let last = parts.last, last.segment.kind == .prose,
      let hit = signature(last)
    {
      if !hits.contains(where: { $0.nameBytes.overlaps(hit.nameBytes) }) { hits.append(hit) }
    }
    return hits
  }

  struct SentenceState {
    var namesOwn: Bool
    var speaksOfAI: Bool
    var isFirst: Bool
  }

  private func slice(_ bytes: Range<Int>) -> String {
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: bytes.lowerBound)
    return String(text[start..<utf8.index(start, offsetBy: bytes.count)])
  }

  private func hit(_ sentence: Range<Int>, _ part: Part, _ state: SentenceState) -> IdentityHit? {
    var weaker: IdentityHit?
    let grammars = Evidence.grammars(of: part.text.words[sentence])
    for grammar in grammars {
      let judge = SentenceJudge(text: part.text, grammar: grammar)
      for finding in judge.findings(in: sentence, code: part.segment.kind == .code) {
        guard let label = label(finding, sentence, part, state) else { continue }
        let hit = hit(finding, label, sentence, part)
        if label == .claim { return hit }
        weaker = weaker ?? hit
      }
    }
    return weaker ?? fallback(sentence, part, grammars, state)
  }

  // MARK: - What the conversation says about a finding

  private func label(
    _ finding: Finding,
    _ sentence: Range<Int>,
    _ part: Part,
    _ state: SentenceState
  ) -> IdentityHit.Label? {
    let name = finding.name.map { part.text.names[$0].name }
    guard isConversation else { return textLabel(finding, name, state) }
    if context.excuses(name?.maker) { return nil }
    if context.asksForFiction, !isOutsideFiction(finding.rule, sentence, state, part) { return nil }
    if let name, name.isPerson, isPlayed(name, sentence, part) { return nil }
    let isPrompted = name?.maker.map { context.mentioned.contains($0) } ?? false
    switch finding.rule {
    case .policy, .refusal:
      if isPrompted || state.namesOwn { return nil }
      // A wind and a sign cannot; a model that is called so can be asked.
      if finding.rule == .refusal, let name, name.isPerson, context.asksForPart, !state.speaksOfAI {
        return nil
      }
      return .claim
    case .author:
      return isPrompted && !context.suggested.isEmpty == false && context.asksForText ? nil : .claim
    case .cutoff: return Evidence.tellsCutoff(part.text.words[...]) ? .suspicious : nil
    case .unknownName: return unknownLabel(sentence, part, state)
    default: break
    }
    if let maker = name?.maker, context.asksForPart, context.named.contains(maker),
      !context.asksIdentity, !context.isQuestion
    {
      return .suspicious
    }
    return .claim
  }

  private func textLabel(
    _ finding: Finding,
    _ name: KnownName?,
    _ state: SentenceState
  ) -> IdentityHit.Label? {
    switch finding.rule {
    case .policy, .refusal, .author, .confirmation, .answer, .signature: return nil
    case .cutoff: return state.speaksOfAI ? .suspicious : nil
    case .unknownName: return state.speaksOfAI ? .claim : nil
    case .selfName, .role:
      guard let name, name.isPerson || !name.isModel || name.isCommon else { return .claim }
      return state.speaksOfAI ? .claim : nil
    default: return state.speaksOfAI ? .claim : nil
    }
  }

  /// A name that is a person's, too, in a part that the user set.
  private func isPlayed(_ name: KnownName, _ sentence: Range<Int>, _ part: Part) -> Bool {
    if Evidence.speaksOfAI(part.text.words[sentence]) { return false }
    guard context.asksForPart, !context.asksIdentity,
      context.suggested.isEmpty || !context.isQuestion && !context.speaksOfAI
    else { return false }
    return name.maker.map { context.named.contains($0) } ?? false
      || !Evidence.refuses(part.text.words[sentence])
  }

  /// A refusal that a story was asked for, not the story.
  private func isOutsideFiction(
    _ rule: IdentityRule,
    _ sentence: Range<Int>,
    _ state: SentenceState,
    _ part: Part
  ) -> Bool {
    if part.segment.kind == .thinking { return true }
    let refuses = Evidence.refuses(part.text.words[sentence])
    return state.isFirst && (refuses || rule == .role || rule == .policy)
  }

  private func unknownLabel(
    _ sentence: Range<Int>,
    _ part: Part,
    _ state: SentenceState
  ) -> IdentityHit.Label? {
    if state.namesOwn || context.asksForPart || context.asksForFiction || context.asksForText {
      return nil
    }
    let hasSpeaker = Grammar.all.contains { grammar in
      part.text.units(sentence, grammar).contains { !$0.tags.isDisjoint(with: Tags.first) }
    }
    // "My name is Lena" is anybody's answer; who made it is a model's.
    let tied: Tags = [.make, .makerNoun, .kin, .come, .ai]
    let isTied = Grammar.all.contains { grammar in
      part.text.units(sentence, grammar).contains { !$0.tags.isDisjoint(with: tied) }
    }
    return context.asksIdentity && isTied || hasSpeaker && state.speaksOfAI
      || Evidence.speaksAsAssistant(part.text.words[sentence]) ? .claim : nil
  }

  // MARK: - Hits

  func hit(
    _ finding: Finding,
    _ label: IdentityHit.Label,
    _ sentence: Range<Int>,
    _ part: Part,
    shown: KnownName? = nil
  ) -> IdentityHit {
    let words = part.text.words
    let offset = part.segment.bytes.lowerBound
    let match = finding.name.map { part.text.names[$0] }
    let named = match?.words ?? finding.unknown
    let nameBytes = named.map { bytes($0, words, offset) } ?? offset..<offset
    let sentenceBytes = bytes(sentence, words, offset)
    let known = match?.name ?? shown
    return IdentityHit(
      label: label,
      rule: finding.rule,
      name: named == nil ? shown?.shown ?? "" : Evidence.visible(slice(nameBytes)),
      maker: known?.maker.map { makers[$0].name },
      isModel: known?.isModel ?? false,
      language: finding.language == "und"
        ? Evidence.language(of: words[sentence]) : finding.language,
      turn: turn,
      nameBytes: nameBytes,
      sentenceBytes: sentenceBytes,
      text: slice(sentenceBytes)
    )
  }

  private func bytes(_ range: Range<Int>, _ words: [Word], _ offset: Int) -> Range<Int> {
    guard let first = words[range].first, let last = words[range].last else {
      return offset..<offset
    }
    return offset + first.bytes.lowerBound..<offset
      + max(first.bytes.lowerBound, last.bytes.upperBound)
  }
}
