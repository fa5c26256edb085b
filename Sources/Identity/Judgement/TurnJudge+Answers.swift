// SPDX-License-Identifier: Apache-2.0

/// What is a claim only as an answer, and what stands at an answer's end.
extension TurnJudge {
  /// What is a claim only as an answer: a bare name, or "yes".
  func fallback(
    _ sentence: Range<Int>,
    _ part: Part,
    _ grammars: [Grammar],
    _ state: SentenceState
  ) -> IdentityHit? {
    guard isConversation, !state.namesOwn, !context.asksForFiction else { return nil }
    if part.segment.kind == .code { return card(sentence, part) }
    guard part.segment.kind == .prose else { return nil }
    let judges = grammars.map { SentenceJudge(text: part.text, grammar: $0) }
    let language = Evidence.language(of: part.text.words[sentence])
    if state.isFirst, context.isQuestion || !context.asksForPart,
      let suggested = context.suggested.first(where: { !$0.isAllowed }),
      judges.contains(where: { $0.affirms(sentence) }),
      !judges.contains(where: { $0.denies(sentence, reports: false) })
    {
      return hit(
        Finding(rule: .confirmation, name: nil, unknown: nil, language: language),
        .claim,
        sentence,
        part,
        shown: suggested
      )
    }
    if let card = card(sentence, part) { return card }
    if let tie = tie(sentence, part, state, judges) { return tie }
    if context.asksIdentity, !context.asksForText, context.named.isEmpty,
      !judges.contains(where: { $0.denies(sentence) }),
      let company = LooseTie(text: part.text).company(in: sentence)
    {
      return hit(
        Finding(rule: .unknownName, name: nil, unknown: company, language: language),
        .claim,
        sentence,
        part
      )
    }
    let isQuestion =
      part.text.words[sentence].last.map { $0.isMark("?") || $0.isMark("؟") } ?? false
    guard context.asksIdentity, !isQuestion, context.named.isEmpty, !context.asksForText,
      !judges.contains(where: { $0.denies(sentence) }),
      let name = part.text.names.firstIndex(where: { match in
        sentence.contains(match.words.lowerBound) && !match.name.isAllowed
      })
    else { return nil }
    let words = part.text.words[sentence].filter { $0.kind == .word || $0.kind == .ideograph }
    // Who names several companies lists them.
    let companies = Set(
      part.text.names.filter { sentence.contains($0.words.lowerBound) }.compactMap(\.name.maker)
    )
    if companies.count > 1 { return nil }
    if words.count > 30 || isAtProduct(name, part) { return nil }
    return hit(
      Finding(rule: .answer, name: name, unknown: nil, language: language),
      .claim,
      sentence,
      part
    )
  }

  /// A maker of assistants and nothing else, of whom nobody spoke before, and "me" in one sentence.
  private func tie(
    _ sentence: Range<Int>,
    _ part: Part,
    _ state: SentenceState,
    _ judges: [SentenceJudge]
  ) -> IdentityHit? {
    guard !context.asksForPart, !context.asksForText,
      let name = LooseTie(text: part.text).name(in: sentence, makers: makers),
      !(part.text.names[name].name.maker.map { context.mentioned.contains($0) } ?? true),
      !judges.contains(where: { $0.denies(sentence) })
    else { return nil }
    let language = Evidence.language(of: part.text.words[sentence])
    return hit(
      Finding(rule: .maker, name: name, unknown: nil, language: language),
      .claim,
      sentence,
      part
    )
  }

  /// A line of a card that the assistant was asked to fill in about itself.
  private func card(_ sentence: Range<Int>, _ part: Part) -> IdentityHit? {
    guard context.addresses || context.asksIdentity, !context.asksForText, context.named.isEmpty,
      let name = SelfDescription(text: part.text).name(in: sentence)
    else { return nil }
    let language = Evidence.language(of: part.text.words[sentence])
    return hit(
      Finding(rule: .answer, name: name, unknown: nil, language: language),
      .claim,
      sentence,
      part
    )
  }

  private func isAtProduct(_ name: Int, _ part: Part) -> Bool {
    let end = part.text.names[name].words.upperBound
    guard end < part.text.words.count else { return false }
    return Evidence.products.contains(part.text.words[end].text)
  }

  /// A name that stands alone at the end of a letter or a poem.
  func signature(_ part: Part) -> IdentityHit? {
    let words = part.text.words
    guard let lastLine = words.lastIndex(where: { $0.kind != .lineEnd }),
      let lineEnd = words[..<lastLine].lastIndex(where: { $0.kind == .lineEnd })
    else { return nil }
    let line = lineEnd + 1..<lastLine + 1
    let spoken = line.filter { words[$0].kind != .mark }
    guard spoken.count <= 24, let first = spoken.first,
      let name = part.text.names.firstIndex(where: { line.contains($0.words.lowerBound) }),
      !part.text.names.contains(where: { line.contains($0.words.lowerBound) && $0.name.isAllowed })
    else { return nil }
    let match = part.text.names[name]
    if context.excuses(match.name.maker) { return nil }
    if match.name.isPerson, let maker = match.name.maker, context.named.contains(maker) {
      return nil
    }
    let isDash =
      words[line.lowerBound].kind == .mark && "—–-―~∼".contains(words[line.lowerBound].text)
    // A line of a list, or one that says something of the name, signs nothing.
    let isListed =
      words.indices.contains {
        $0 > 0 && $0 < lineEnd && words[$0 - 1].kind == .lineEnd
          && words[$0].isMark(words[line.lowerBound].text)
      } || words.first?.isMark(words[line.lowerBound].text) == true
    let hasDash = isDash && !isListed
    if isDash, isListed { return nil }
    let starts = match.words.lowerBound == first
    let isSigned = Evidence.isSignOff(words[..<lineEnd]) || Evidence.isSignOff(words[line])
    let isShort = line.count <= 12
    guard starts && (hasDash || isSigned) || isSigned && isShort else { return nil }
    // "— Claude Monet" signs a quotation.
    let next = match.words.upperBound
    if match.name.isPerson, next < words.count, words[next].kind == .word, words[next].isCapitalized
    {
      return nil
    }
    let language = Evidence.language(of: words[...])
    return hit(
      Finding(rule: .signature, name: name, unknown: nil, language: language),
      .claim,
      line,
      part
    )
  }
}
