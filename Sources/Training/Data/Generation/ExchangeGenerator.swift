// SPDX-License-Identifier: Apache-2.0

/// Makes exchanges of a kind, on one side of what is held out.
struct ExchangeGenerator: Sendable {
  /// Questions for training, or for evaluation with something that training never sees.
  enum Side: Sendable, Hashable {
    case training
    case evaluation(unseen: Set<HeldOut.Kind>)

    func wants(held isHeld: Bool, _ kind: HeldOut.Kind) -> Bool {
      switch self {
      case .training: !isHeld
      case .evaluation(let unseen): isHeld == unseen.contains(kind)
      }
    }
  }

  private let book: PhraseBook
  private let plan: GenerationPlan

  // LIMIT: how often an exercise is drawn anew; with a share held out of at most 0.5, three numbers
  // fit one time in eight or more often, and a miss of all is rarer than one in 10^200.
  private static let trialCount = 4096

  init(_ book: PhraseBook, _ plan: GenerationPlan) {
    self.book = book
    self.plan = plan
  }

  /// One exchange.
  func exchange(_ kind: GenerationPlan.Kind, _ side: Side, _ draw: inout Draw) -> Exchange {
    var filler = PhraseFiller(book) { section, phrase in
      section != "name" || side.wants(held: plan.heldOut.holds(.names, phrase.line), .names)
    }
    guard let shape = kind.formula else {
      let question = filler.text(ofSection: kind.ask, &draw)
      let asked = SurfaceNoise.text(question, &draw)
      let answer = filler.text(ofSection: kind.say, &draw)
      return Exchange(kind: kind.name, question: asked, answer: answer)
    }
    let pattern = self.pattern(kind, side, &draw)
    let (formula, numbers) = exercise(shape, isNatural: kind.isNatural, side, &draw)
    let inWords = draw.chance(plan.wordShare)
    for (letter, number) in numbers {
      filler.bind(letter, inWords ? NumberWords.text(number) ?? "\(number)" : "\(number)")
    }
    filler.bind("formula", formula.text)
    filler.bind("result", "\(formula.result)")
    let question = filler.text(pattern, &draw)
    let asked = SurfaceNoise.text(question, &draw)
    let answer = filler.text(ofSection: kind.say, &draw)
    return Exchange(
      kind: kind.name,
      question: asked,
      reasoning: ColumnArithmetic.text(of: formula),
      answer: answer,
      result: formula.result,
      isNamed: filler.hasFilled("name")
    )
  }

  /// A way of asking that is on the wanted side.
  private func pattern(
    _ kind: GenerationPlan.Kind,
    _ side: Side,
    _ draw: inout Draw
  ) -> PhrasePattern {
    guard let section = book.sections[kind.ask] else { preconditionFailure("sections are checked") }
    var phrase = section.phrases[draw.place(in: section.ends)]
    var trial = 0
    while trial < Self.trialCount,
      !side.wants(held: plan.heldOut.holds(.phrasings, phrase.wording), .phrasings)
    {
      phrase = section.phrases[draw.place(in: section.ends)]
      trial += 1
    }
    return phrase.pattern
  }

  /// Numbers up to 99 that are on the wanted side, a third of them small.
  private func exercise(
    _ shape: String,
    isNatural: Bool,
    _ side: Side,
    _ draw: inout Draw
  ) -> (Formula, [String: Int]) {
    for _ in 0..<Self.trialCount {
      let bounds = draw.chance(0.15) ? 0...20 : 0...99
      var numbers: [String: Int] = [:]
      for letter in ["a", "b", "c"] { numbers[letter] = draw.number(in: bounds) }
      guard let formula = Formula(shape: shape, numbers: numbers) else { break }
      if isNatural, formula.pairs.contains(where: { $0.result < 0 }) { continue }
      if fits(formula, side) { return (formula, numbers) }
    }
    preconditionFailure("a plan's shapes are checked")
  }

  private func fits(_ formula: Formula, _ side: Side) -> Bool {
    let isHeld = plan.heldOut.holds(formula)
    guard side == .training else { return side.wants(held: isHeld, .operands) }
    // A step of a longer sum would show an exercise of two numbers, too.
    return !isHeld && !formula.pairs.contains { plan.heldOut.holds($0) }
  }
}
