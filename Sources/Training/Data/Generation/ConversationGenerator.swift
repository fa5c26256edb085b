// SPDX-License-Identifier: Apache-2.0

public import JSON

/// Makes conversations and tasks from a plan and a phrase book; equal seeds give equal bytes.
public struct ConversationGenerator: Sendable {
  private let plan: GenerationPlan
  private let book: PhraseBook
  private let exchanges: ExchangeGenerator
  /// Which kinds may begin a conversation, and which go on in a group.
  private let openings: WeightedKinds
  private let groups: [String: WeightedKinds]

  // LIMIT: how often a conversation stays in its group, such as a language.
  private static let loyalty = 0.85

  private struct WeightedKinds: Sendable {
    var kinds: [GenerationPlan.Kind] = []
    var ends: [Double] = []

    init(_ kinds: [GenerationPlan.Kind]) {
      self.kinds = kinds
      for kind in kinds { ends.append((ends.last ?? 0) + kind.weight) }
    }

    func drawn(_ draw: inout Draw) -> GenerationPlan.Kind { kinds[draw.place(in: ends)] }
  }

  /// Creates a generator.
  ///
  /// - Parameters:
  ///   - plan: What is made.
  ///   - book: Of which phrases.
  ///   - planFile: What errors call the plan.
  /// - Throws: `PhraseError` where the plan names a section that the book has not, one that asks for
  ///   a number that its kind has not, or one whose phrases all lie on one side of what is held out.
  public init(_ plan: GenerationPlan, _ book: PhraseBook, planFile: String) throws(PhraseError) {
    self.plan = plan
    self.book = book
    exchanges = ExchangeGenerator(book, plan)
    openings = WeightedKinds(plan.kinds.filter(\.after.isEmpty))
    groups = Dictionary(grouping: plan.kinds, by: \.group).mapValues { WeightedKinds($0) }
    var wanted = plan.kinds.flatMap { [$0.ask, $0.say] }
    if plan.systemShare > 0 { wanted.append("system") }
    for name in wanted where !book.has(name) {
      throw PhraseError(.undefined(name, nearest: book.nearest(name)), file: planFile)
    }
    for kind in plan.kinds { try Self.checkSlots(of: kind, book, planFile) }
    for kind in plan.kinds where kind.formula != nil {
      let phrases = book.sections[kind.ask]?.phrases ?? []
      let held = phrases.filter { plan.heldOut.holds(.phrasings, $0.wording) }.count
      let needsHeld = plan.tasks.contains {
        $0.kinds.contains(kind.name) && $0.unseen.contains(.phrasings)
      }
      guard held < phrases.count, held > 0 || !needsHeld else {
        throw PhraseError(.oneSided(kind.ask, held: held, of: phrases.count), file: planFile)
      }
    }
  }

  private static func checkSlots(
    of kind: GenerationPlan.Kind,
    _ book: PhraseBook,
    _ planFile: String
  ) throws(PhraseError) {
    let letters = kind.formula?.split(separator: " ").map(String.init)
    let filled = Set(letters.map { $0 + ["formula", "result"] } ?? [])
    for section in [kind.ask, kind.say] {
      guard let slot = book.exerciseSlots(of: section).subtracting(filled).min() else { continue }
      throw PhraseError(.unfilled(slot, section: section, kind: kind.name), file: planFile)
    }
  }

  /// How many conversations there are.
  public var count: Int { plan.count }

  /// The names of the tasks.
  public var taskNames: [String] { plan.taskNames }

  /// The conversation of an index, as a line of a `.jsonl` file that `hadal data shards` reads.
  public func conversation(_ index: Int) -> JSONText {
    var draw = Draw(seed: plan.seed, stream: 0, index: index)
    var messages: [JSONText] = []
    if draw.chance(plan.systemShare) {
      var filler = PhraseFiller(book)
      messages.append(Self.message("system", filler.text(ofSection: "system", &draw)))
    }
    for exchange in turns(&draw) {
      messages.append(Self.message("user", exchange.question))
      messages.append(Self.message("assistant", exchange.answer, reasoning: exchange.reasoning))
    }
    return .object([("messages", .array(messages))])
  }

  private func turns(_ draw: inout Draw) -> [Exchange] {
    var ends: [Double] = []
    for share in plan.turns { ends.append((ends.last ?? 0) + share) }
    let count = draw.place(in: ends) + 1
    var kind = openings.drawn(&draw)
    var turns = [exchanges.exchange(kind, .training, &draw)]
    while turns.count < count {
      kind = next(after: kind, &draw)
      turns.append(exchanges.exchange(kind, .training, &draw))
    }
    return turns
  }

  private func next(after kind: GenerationPlan.Kind, _ draw: inout Draw) -> GenerationPlan.Kind {
    guard draw.chance(Self.loyalty), let group = groups[kind.group] else {
      return openings.drawn(&draw)
    }
    let fitting = WeightedKinds(
      group.kinds.filter { $0.after.isEmpty || $0.after.contains(kind.name) }
    )
    return fitting.kinds.isEmpty ? openings.drawn(&draw) : fitting.drawn(&draw)
  }

  /// How many questions a task asks for; 0 where there is no such task.
  public func wantedQuestionCount(ofTask name: String) -> Int {
    plan.tasks.first { $0.name == name }?.count ?? 0
  }

  /// The questions of a task, as lines that `hadal eval` reads; no two ask the same.
  ///
  /// - Returns: Nil where there is no such task.
  public func task(_ name: String) -> [JSONText]? {
    guard let index = plan.tasks.firstIndex(where: { $0.name == name }) else { return nil }
    let task = plan.tasks[index]
    let kinds = plan.kinds.filter { task.kinds.contains($0.name) }
    var (lines, seen, trial): ([JSONText], Set<String>, Int) = ([], [], 0)
    // LIMIT: a task of few different questions ends with fewer than it asks for.
    while lines.count < task.count, trial < 64 * task.count {
      var draw = Draw(seed: plan.seed, stream: 1 + UInt32(index), index: trial)
      trial += 1
      let kind = kinds[lines.count % kinds.count]
      let exchange = exchanges.exchange(kind, .evaluation(unseen: task.unseen), &draw)
      guard let result = exchange.result, exchange.isNamed || !task.unseen.contains(.names),
        seen.insert(Self.folded(exchange.question)).inserted
      else { continue }
      lines.append(
        .object([
          ("id", .string("\(name)-\(lines.count + 1)")),
          ("kind", .string(exchange.kind)),
          ("messages", .array([Self.message("user", exchange.question)])),
          ("verifier", .string("number")),
          ("answer", .integer(result)),
        ])
      )
    }
    return lines
  }

  /// A question without what typing changes: case and white space.
  private static func folded(_ question: String) -> String {
    question.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func message(
    _ role: String,
    _ content: String,
    reasoning: String? = nil
  ) -> JSONText {
    var members: [(String, JSONText)] = [("role", .string(role))]
    if let reasoning { members.append(("reasoning_content", .string(reasoning))) }
    members.append(("content", .string(content)))
    return .object(members)
  }
}
