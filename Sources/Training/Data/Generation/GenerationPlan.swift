// SPDX-License-Identifier: Apache-2.0

import YAML

/// What is generated: how many conversations of which kinds, and which questions are kept for
/// evaluation.
public struct GenerationPlan: Sendable {
  /// A kind of exchange: a question and its answer.
  struct Kind: Sendable, Hashable {
    var name: String
    /// The section of the questions and that of the answers.
    var ask: String
    var say: String
    /// The exercise, such as `a + b`; nil where the answer depends on no number.
    var formula: String?
    /// Whether no step may lead below zero.
    var isNatural: Bool
    /// How often it comes beside the others.
    var weight: Double
    /// Exchanges of one conversation are mostly of one group, such as a language.
    var group: String
    /// The kinds one of which must have come just before; none where it may stand anywhere.
    var after: [String]
  }

  /// Questions that training never sees.
  struct Task: Sendable, Hashable {
    var name: String
    var kinds: [String]
    var count: Int
    /// What about them is held out.
    var unseen: Set<HeldOut.Kind>
  }

  /// Where its random numbers begin.
  public var seed: UInt64
  /// How many conversations are made.
  public var count: Int
  /// The shares of conversations of 1, 2, … exchanges.
  var turns: [Double]
  /// The share of conversations with a system message, of the section `system`.
  var systemShare: Double
  /// The share of exercises with their numbers in words.
  var wordShare: Double
  /// What training never sees.
  package var heldOut: HeldOut
  var kinds: [Kind]
  var tasks: [Task]

  /// Reads a plan.
  ///
  /// - Parameters:
  ///   - bytes: The YAML text.
  ///   - file: What errors call it.
  /// - Throws: `RecipeError` with the line and the nearest key, or `YAMLError`.
  public init(_ bytes: [UInt8], file: String) throws {
    let document = try YAMLDocument(bytes, file: file)
    var root = RecipeSection(document.entries, name: nil, file: file, at: nil)
    seed = UInt64(try root.integer("seed") ?? 1)
    guard let count = try root.integer("count", in: 1...10_000_000) else {
      throw root.missing("count", example: "count: 50_000")
    }
    self.count = count
    turns = try root.shares("turns") ?? [1]
    systemShare = try root.number("system", in: 0...1) ?? 0
    wordShare = try root.number("number_words", in: 0...1) ?? 0
    var shares: [HeldOut.Kind: Double] = [:]
    if var section = try root.section("held_out") {
      for kind in HeldOut.Kind.allCases {
        shares[kind] = try section.number(kind.rawValue, in: 0...0.5)
      }
      try section.finish()
    }
    heldOut = HeldOut(shares: shares)
    guard let kinds = try root.sections("kinds"), !kinds.isEmpty else {
      throw root.missing("kinds", example: "kinds: [{name: hello, ask: hello, say: hello.say}]")
    }
    self.kinds = []
    for var section in kinds { self.kinds.append(try Kind(&section)) }
    tasks = []
    try checkOrder(kinds)
    for var section in try root.sections("tasks") ?? [] {
      tasks.append(try Task(&section, self))
    }
    try root.finish()
  }

  /// Refuses what would let no conversation begin, or a kind never come.
  private func checkOrder(_ sections: [RecipeSection]) throws(RecipeError) {
    let names = Set(kinds.map(\.name))
    for (kind, section) in zip(kinds, sections) {
      if let other = kind.after.first(where: { !names.contains($0) }) {
        throw section.unfit("after", found: other, expected: "names of kinds")
      }
    }
    guard kinds.contains(where: { $0.after.isEmpty && $0.weight > 0 }) else {
      let expected = "empty for a kind with a weight"
      throw sections[0].unfit("after", found: kinds[0].after.joined(), expected: expected)
    }
  }

  /// The names of its tasks, in order.
  public var taskNames: [String] { tasks.map(\.name) }

  /// Has conversations of each number of exchanges in a range equally often, and of no other number.
  public mutating func setExchangeCounts(_ counts: ClosedRange<Int>) {
    turns = (1...counts.upperBound).map { counts.contains($0) ? 1 : 0 }
  }
}

extension GenerationPlan.Kind {
  fileprivate init(_ section: inout RecipeSection) throws(RecipeError) {
    guard let ask = try section.text("ask") else {
      throw section.missing("ask", example: "ask: SECTION")
    }
    self.ask = ask
    name = try section.text("name") ?? ask
    say = try section.text("say") ?? "\(ask).say"
    formula = try section.text("formula")
    let numbers: [String: Int] = ["a": 0, "b": 0, "c": 0]
    if let formula, Formula(shape: formula, numbers: numbers) == nil {
      throw section.unfit("formula", found: formula, expected: "a sum such as 'a + b - c'")
    }
    isNatural = try section.flag("natural") ?? false
    weight = try section.number("weight", in: 0...1_000_000) ?? 1
    group = try section.text("group") ?? ""
    after = try section.texts("after") ?? []
    try section.finish()
  }
}

extension GenerationPlan.Task {
  fileprivate init(
    _ section: inout RecipeSection,
    _ plan: GenerationPlan
  ) throws(RecipeError) {
    guard let name = try section.text("name") else {
      throw section.missing("name", example: "name: addition")
    }
    // The name becomes that of a file.
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }),
      !name.isEmpty, !plan.taskNames.contains(name)
    else {
      throw section.unfit("name", found: name, expected: "letters, digits and -, once")
    }
    self.name = name
    kinds = try section.texts("kinds") ?? [name]
    let fitting = Set(plan.kinds.filter { $0.formula != nil }.map(\.name))
    guard !kinds.isEmpty, fitting.isSuperset(of: kinds) else {
      let found = kinds.joined(separator: ", ")
      throw section.unfit("kinds", found: found, expected: "names of kinds with a formula")
    }
    count = try section.integer("count", in: 1...100_000) ?? 500
    unseen = []
    for text in try section.texts("unseen") ?? [] {
      guard let kind = HeldOut.Kind(rawValue: text) else {
        let names = HeldOut.Kind.allCases.map(\.rawValue)
        throw section.unfit("unseen", found: text, expected: names.joined(separator: ", "))
      }
      guard plan.heldOut.shares[kind, default: 0] > 0 else {
        throw section.unfit("unseen", found: text, expected: "what 'held_out' has a share of")
      }
      unseen.insert(kind)
    }
    try section.finish()
  }
}
