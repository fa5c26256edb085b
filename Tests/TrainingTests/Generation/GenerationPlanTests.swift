// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import Training
import YAML

/// Plans: what is said of those that cannot be read.
@Suite struct GenerationPlanTests {
  private static let whole = """
    seed: 7
    count: 1_000
    turns: [0.5, 0.5]
    system: 0.1
    number_words: 0.2
    held_out: {operands: 0.1, names: 0.1, phrasings: 0.1}
    kinds:
      - {name: add, ask: q, say: s, formula: a + b, natural: true, weight: 2}
      - {ask: hello, after: [add], group: en}
    tasks:
      - {name: one, kinds: [add], count: 9, unseen: [operands, names]}
      - {name: two, kinds: [add], unseen: phrasings}
    """

  private func plan(_ text: String) throws -> GenerationPlan {
    try GenerationPlan(Array(text.utf8), file: "plan.yaml")
  }

  @Test func `a whole plan is read`() throws {
    let plan = try plan(Self.whole)
    #expect(plan.seed == 7 && plan.count == 1000 && plan.taskNames == ["one", "two"])
    #expect(plan.heldOut.shares == [.operands: 0.1, .names: 0.1, .phrasings: 0.1])
    let least = try self.plan("count: 1\nkinds: [{ask: a}]")
    #expect(least.seed == 1 && least.taskNames.isEmpty && least.heldOut.shares.isEmpty)
  }

  @Test(arguments: [
    ("count: 1_000", "cuont: 1_000", "'cuont'", 2), ("count: 1_000", "count: 0", "'count'", 2),
    ("[0.5, 0.5]", "[0.5, x]", "'turns'", 3), ("[0.5, 0.5]", "[0, 0]", "'turns'", 3),
    ("[0.5, 0.5]", "[-1, 2]", "'turns'", 3), ("system: 0.1", "system: 2", "'system'", 4),
    ("{operands: 0.1", "{operands: 0.95", "'held_out.operands'", 6),
    ("{operands: 0.1", "{operand: 0.1", "'operand' in 'held_out'", 6),
    ("ask: q, ", "", "'kinds.ask'", 8), ("a + b", "a * b", "'kinds.formula'", 8),
    ("a + b", "a", "'kinds.formula'", 8), ("a + b", "apple + b", "'kinds.formula'", 8),
    ("weight: 2", "weight: -2", "'kinds.weight'", 8),
    ("after: [add]", "after: [ad]", "'kinds.after'", 9),
    ("after: [add]", "afer: [add]", "'afer' in 'kinds'", 9),
    ("kinds: [add], count", "kinds: [ad], count", "'tasks.kinds'", 11),
    ("kinds: [add], count", "kinds: [hello], count", "'tasks.kinds'", 11),
    ("kinds: [add], count", "kinds: [], count", "'tasks.kinds'", 11),
    ("[operands, names]", "[operands, name]", "'tasks.unseen'", 11),
    ("name: two", "name: one", "'tasks.name'", 12),
    ("name: two", "name: ../two", "'tasks.name'", 12),
    ("name: two, ", "", "'tasks.name'", 12), (", phrasings: 0.1", "", "'tasks.unseen'", 12),
    ("phrasings: 0.1", "phrasings: 0", "'tasks.unseen'", 12),
  ])
  func `a key that does not fit is named with its line`(
    _ old: String,
    _ new: String,
    _ words: String,
    _ line: Int
  ) throws {
    let text = Self.whole.replacing(old, with: new)
    #expect(text != Self.whole)
    let error = try #require(throws: RecipeError.self) { try plan(text) }
    #expect(error.what.contains(words), "\(error.what)")
    #expect(error.position?.line == line, "\(error)")
    #expect(error.exitCode == .configuration && error.file == "plan.yaml")
  }

  @Test func `no kind, or none that may begin, is refused`() {
    #expect(throws: RecipeError.self) { try plan("count: 1") }
    #expect(throws: RecipeError.self) { try plan("count: 1\nkinds: []") }
    #expect(throws: RecipeError.self) { try plan("count: 1\nkinds: [{ask: a, after: [a]}]") }
    #expect(throws: RecipeError.self) { try plan("count: 1\nkinds: [{ask: a, weight: 0}]") }
  }
}
