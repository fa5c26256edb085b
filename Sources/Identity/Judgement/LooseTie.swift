// SPDX-License-Identifier: Apache-2.0

/// Finds what ties a speaker to a maker without any construction that the tables know.
struct LooseTie {
  let text: MarkedText

  /// Companies that make assistants and little else.
  ///
  /// Who brings them up and speaks of itself speaks of its maker. Of others people say what they
  /// bought or looked up there.
  private static let assistantMakers: Set<String> = [
    "OpenAI", "Anthropic", "xAI", "Inflection AI", "Mistral AI", "Cohere", "Moonshot AI",
    "Zhipu AI",
    "MiniMax", "DeepMind", "AI21 Labs", "Reka", "01.AI", "Baichuan", "Sarvam AI", "Krutrim",
    "Character.AI", "StepFun",
  ]

  /// What stands before a "me" that is nobody's in particular.
  private static let idleVerbs: Set<String> = [
    "let", "tell", "ask", "give", "show", "allow", "correct", "excuse", "forgive", "to", "for",
    "remind", "with",
  ]
  /// What "my" says nothing of the speaker with.
  private static let idleNouns: Set<String> = [
    "view", "opinion", "answer", "list", "apologies", "guess", "understanding", "favorite",
    "favourite", "summary", "suggestion", "advice", "sources", "reply", "mind", "point", "bad",
    "pleasure", "recommendation", "pick", "example",
  ]

  /// The name of the one such maker of an English sentence in which somebody says "me" or "my".
  func name(in sentence: Range<Int>, makers: [KnownMaker]) -> Int? {
    let found = text.names.indices.filter {
      sentence.contains(text.names[$0].words.lowerBound) && !text.names[$0].name.isAllowed
    }
    guard found.count == 1, let place = found.first, text.names[place].name.isMaker,
      let maker = text.names[place].name.maker,
      Self.assistantMakers.contains(makers[maker].name)
    else { return nil }
    let units = text.units(sentence, .english)
    let speaks = units.indices.contains { index in
      let word = text.words[units[index].words.lowerBound].text
      switch word {
      case "me":
        let before = units[index].words.lowerBound - 1
        return before < sentence.lowerBound || !Self.idleVerbs.contains(text.words[before].text)
      case "my":
        let next = units[index].words.upperBound
        return next >= sentence.upperBound || !Self.idleNouns.contains(text.words[next].text)
      default: return units[index].tags.contains(.madeMe)
      }
    }
    let blocks: Tags = [.api, .quote, .contrast, .belief]
    return speaks && !units.contains { !$0.tags.isDisjoint(with: blocks) } ? place : nil
  }

  /// What a company's name ends with.
  private static let endings: Set<String> = [
    "labs", "lab", "ai", "inc", "corp", "corporation", "technologies", "research", "group",
    "systems", "dynamics", "studio", "studios", "gmbh", "ltd", "llc", "cognition", "intelligence",
    "robotics", "institute", "company", "collective", "ventures", "software", "analytics",
    "computing", "cognitive", "networks", "solutions", "logic", "tech", "works",
  ]

  /// The words of a capitalized name that ends as companies' names do, and is no known one.
  func company(in sentence: Range<Int>) -> Range<Int>? {
    for index in sentence where index > sentence.lowerBound {
      let (last, first) = (text.words[index], text.words[index - 1])
      guard Self.endings.contains(last.text), last.isCapitalized, first.kind == .word,
        first.isCapitalized, first.text.count > 2, !last.isGlued,
        text.nameAt[index - 1] == nil, text.nameAt[index] == nil,
        index - 1 > sentence.lowerBound || Grammar.english.lexicon[Grammar.key(first.text)] == nil
      else { continue }
      return index - 1..<index + 1
    }
    return nil
  }
}
