// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import Testing
import Training

/// Conversations and tasks of small plans.
@Suite struct ConversationGeneratorTests {
  private static let phrases = """
    [q]
    $name adds $a and $b
    What is $a + $b?
    Add $b to $a, $name!
    How much do $a and $b make for $name and $name2?
    [minus]
    $a - $b
    [s]
    It is $result.
    {@say} $formula = $result
    [say]
    So
    [hello]
    Hello
    [hello.say]
    Hi, I am a program.
    [more]
    More
    [more.say]
    No.
    [system]
    Be brief, $name.
    [name]
    Ann
    Bo
    Cy
    Di
    Ed
    Flo
    Gus
    Hal
    Ina
    Jo
    Kim
    Lou
    """

  private func generator(_ plan: String, count: Int = 10) throws -> ConversationGenerator {
    try ConversationGenerator(plan: "count: \(count)\n" + plan, phrases: Self.phrases)
  }

  private func lines(_ generator: ConversationGenerator, _ range: Range<Int>) -> [String] {
    range.map { generator.conversation($0).text }
  }

  private static let mixed = """
    turns: [0.5, 0.3, 0.2]
    system: 0.2
    number_words: 0.2
    kinds: [{name: add, ask: q, say: s, formula: a + b}, {ask: hello}]
    held_out: {operands: 0.1, names: 0.3}
    tasks:
      - {name: one, kinds: [add], count: 40, unseen: operands}
      - {name: two, kinds: [add], count: 40, unseen: names}
    """

  @Test func `a conversation depends on seed and index, not on how many there are`() throws {
    let few = try generator(Self.mixed, count: 10)
    let many = try generator(Self.mixed, count: 5000)
    #expect(few.count == 10 && many.count == 5000)
    #expect(lines(few, 0..<10) == lines(many, 0..<10))
    #expect(lines(many, 20..<30) == lines(many, 20..<30))
    let other = try generator("seed: 2\n" + Self.mixed)
    #expect(lines(other, 0..<10) != lines(few, 0..<10))
    #expect(Set(lines(many, 0..<50)).count > 20)
  }

  @Test func `a task depends on seed and name, not on how many conversations there are`() throws {
    let (few, many) = (try generator(Self.mixed), try generator(Self.mixed, count: 5000))
    #expect(few.taskNames == ["one", "two"] && few.task("three") == nil)
    #expect(few.questions("one") == many.questions("one"))
    #expect(few.questions("one").map(\.text) != few.questions("two").map(\.text))
    #expect(try generator("seed: 2\n" + Self.mixed).questions("one") != few.questions("one"))
  }

  @Test func `lines have the keys that shards and eval read`() throws {
    let generator = try generator(Self.mixed)
    let plain = try JSONDocument(Array(generator.conversation(0).text.utf8)).root
    #expect(plain.object?.map(\.key) == ["messages"])
    let question = try #require(generator.task("one")?.first)
    let root = try JSONDocument(Array(question.text.utf8)).root
    #expect(root.object?.map(\.key) == ["id", "kind", "messages", "verifier", "answer"])
    #expect(root["id"]?.string == "one-1" && root["kind"]?.string == "add")
    #expect(root["verifier"]?.string == "number" && root["messages"]?.array?.count == 1)
  }

  @Test func `the reasoning leads to what the answer says`() throws {
    let generator = try generator("kinds: [{name: minus, ask: minus, say: s, formula: a - b}]")
    for turns in generator.turns(ofFirst: 300) {
      #expect(turns.map(\.role) == ["user", "assistant"] && turns[0].reasoning == nil)
      let steps = turns[1].reasoning?.split(separator: "\n") ?? []
      let result = String(try #require(steps.last))
      #expect(
        turns[1].content.hasSuffix(" \(result).") || turns[1].content.hasSuffix("= \(result)")
      )
      let asked = turns[0].content.filter(\.isNumber)
      #expect(steps.first?.filter(\.isNumber) == asked, "\(turns)")
    }
  }

  @Test func `without a formula there is nothing to think about`() throws {
    let generator = try generator("kinds: [{ask: hello}]")
    #expect(generator.turns(ofFirst: 50).allSatisfy { $0.allSatisfy { $0.reasoning == nil } })
  }

  @Test(arguments: [("[1]", [2]), ("[0, 1]", [4]), ("[0, 0, 1]", [6]), ("[0.5, 0, 0.5]", [2, 6])])
  func `a conversation has as many exchanges as the plan says`(
    _ turns: String,
    _ counts: [Int]
  ) throws {
    let generator = try generator("turns: \(turns)\nkinds: [{ask: hello}]")
    #expect(Set(generator.turns(ofFirst: 100).map(\.count)) == Set(counts))
  }

  @Test(arguments: [(0, 0...0), (0.3, 232...368), (1, 1000...1000)])
  func `a system message opens a share of conversations`(
    _ share: Double,
    _ counts: ClosedRange<Int>
  ) throws {
    let generator = try generator("system: \(share)\nkinds: [{ask: hello}]")
    let systems = generator.turns(ofFirst: 1000).compactMap { turns in
      turns.first?.role == "system" ? turns[0].content : nil
    }
    #expect(counts.contains(systems.count))
    #expect(systems.allSatisfy { $0.hasPrefix("Be brief, ") })
  }

  @Test(
    arguments: [
      ("formula: a + b", "$a and {$b|{$c}}", "$result", "c", "q"),
      ("formula: b + c", "$b and $c", "{x|{@way}}", "a", "s"),
      ("weight: 2", "{@way}", "x", "a", "q"), ("weight: 2", "x", "$result", "result", "s"),
    ]
  )
  func `a number that a kind has not is refused where a section asks for it`(
    _ kind: String,
    _ ask: String,
    _ say: String,
    _ slot: String,
    _ section: String
  ) {
    let error = #expect(throws: PhraseError.self) {
      try ConversationGenerator(
        plan: "count: 1\nkinds: [{name: k, ask: q, say: s, \(kind)}]",
        phrases: "[q]\nHello\n\(ask)\n[s]\n\(say)\n[way]\n$a\n"
      )
    }
    #expect(error?.fault == .unfilled(slot, section: section, kind: "k"))
    #expect(error?.remedy?.hasPrefix("a formula") == true && error?.exitCode == .badData)
  }

  @Test func `a kind that follows another stands behind it alone`() throws {
    let generator = try generator(
      "turns: [0.2, 0.2, 0.6]\nkinds: [{ask: hello}, {ask: more, after: [hello], weight: 3},"
        + " {name: minus, ask: minus, say: s, formula: a - b}]"
    )
    var count = 0
    for turns in generator.turns(ofFirst: 500) {
      let answers = turns.filter { $0.role == "assistant" }.map(\.content)
      for (index, answer) in answers.enumerated() where answer == "No." {
        count += 1
        #expect(index > 0 && answers[index - 1] == "Hi, I am a program.", "\(answers)")
      }
    }
    #expect(count > 50)
  }

  @Test func `most of a conversation stays in its group`() throws {
    let generator = try generator(
      "turns: [0, 1]\nkinds: [{ask: hello, group: x}, {ask: more, group: y}]"
    )
    let equal = generator.turns(ofFirst: 1000).count { $0[1].content == $0[3].content }
    // 0.85 and half of what is left, within four deviations.
    #expect((891...959).contains(equal), "\(equal)")
  }

  @Test func `with numbers in words no digit is asked, and the reasoning has digits`() throws {
    let generator = try generator(
      "number_words: 1\nkinds: [{name: minus, ask: minus, say: s, formula: a - b}]"
    )
    for turns in generator.turns(ofFirst: 200) {
      #expect(turns[0].content.allSatisfy { !$0.isNumber })
      #expect(turns[1].reasoning?.first?.isNumber == true)
    }
  }

  @Test func `natural exercises never lead below zero`() throws {
    let generator = try generator(
      "kinds: [{name: minus, ask: minus, say: s, formula: a - b - c, natural: true}]"
    )
    for turns in generator.turns(ofFirst: 500) {
      #expect(turns[1].reasoning?.contains("\n-") == false, "\(turns)")
    }
  }

  // Method: half of all combinations are held out; no exercise that any reasoning shows, on its way
  // or in the other order either, is one of them, and all that a task asks are.
  @Test(arguments: ["a + b", "a - b", "a - b + c"])
  func `combinations that a task asks for are worked out in no conversation`(
    _ shape: String
  ) throws {
    let heldOut = HeldOut(shares: [.operands: 0.5])
    let generator = try generator(
      """
      kinds: [{name: k, ask: minus, say: s, formula: \(shape)}]
      held_out: {operands: 0.5}
      tasks: [{name: t, kinds: [k], count: 200, unseen: operands}]
      """
    )
    for turns in generator.turns(ofFirst: 2000) {
      for formula in (turns[1].reasoning ?? "").split(separator: "\n").compactMap(
        Formula.init(line:)
      ) {
        #expect(!heldOut.holds(formula), "\(formula.text) in \(turns[1].reasoning ?? "")")
      }
    }
    guard shape == "a - b" else { return }
    let questions = generator.questions("t")
    #expect(questions.count == 200)
    for question in questions {
      let numbers = question.text.split { !$0.isNumber }.compactMap { Int($0) }
      try #require(numbers.count == 2)
      let formula = Formula(first: numbers[0], steps: [.init(isAdded: false, number: numbers[1])])
      #expect(heldOut.holds(formula) && question.answer == formula.result)
    }
  }

  // Method: 400 questions with one or two names each; a share of 0.1 makes the wrong side nine times
  // as likely at each draw.
  @Test(arguments: [0.1, 0.5])
  func `names that a task asks for are in no conversation, and in each of its questions`(
    _ share: Double
  ) throws {
    let heldOut = HeldOut(shares: [.names: share])
    let names = (0..<60).map { index in
      "Q" + ["a", "e", "i", "o", "u", "y"][index % 6]
        + String(repeating: "xz", count: 1 + index / 6)
    }
    let held = Set(names.filter { heldOut.holds(.names, $0) }.map { $0.lowercased() })
    try #require(held.count >= 2)
    let generator = try ConversationGenerator(
      plan: """
        count: 1
        kinds: [{name: k, ask: q, say: s, formula: a + b}]
        held_out: {names: \(share)}
        tasks: [{name: t, kinds: [k], count: 400, unseen: names}]
        """,
      phrases: "[q]\n$name and $name2: $a + $b\n$name: $a + $b\n$a + $b\n[s]\n$result\n[name]\n"
        + names.joined(separator: "\n")
    )
    func named(_ text: String) -> [String] {
      text.lowercased().split { !$0.isLetter }.map(String.init)
    }
    for turns in generator.turns(ofFirst: 2000) {
      #expect(held.isDisjoint(with: named(turns[0].content)), "\(turns[0])")
    }
    let all = Set(names.map { $0.lowercased() })
    for question in generator.questions("t") {
      let found = named(question.text)
      #expect(!found.isEmpty && held.isSuperset(of: all.intersection(found)), "\(question.text)")
    }
  }

  @Test func `ways of asking that a task asks for are in no conversation`() throws {
    let ways = (0..<40).map { "way \($0)x" }
    let phrases = "[q]\n" + ways.map { "\($0): $a + $b" }.joined(separator: "\n") + "\n[s]\n$result"
    let plan = """
      count: 1
      kinds: [{name: k, ask: q, say: s, formula: a + b}]
      held_out: {phrasings: 0.3}
      tasks: [{name: t, kinds: [k], count: 300, unseen: phrasings}]
      """
    let generator = try ConversationGenerator(plan: plan, phrases: phrases)
    func way(_ text: String) -> Substring? {
      text.split { !$0.isNumber }.first
    }
    let seen = Set(generator.turns(ofFirst: 1000).compactMap { way($0[0].content) })
    let asked = Set(generator.questions("t").compactMap { way($0.text) })
    #expect(seen.isDisjoint(with: asked) && seen.count + asked.count == 40)
    #expect(!asked.isEmpty)
  }

  @Test func `the same way of asking, typed otherwise, is on the same side`() throws {
    let phrases = "[q]\n$a+$b\n$a + $b =\n$a + $b = ?\n$a +$b\n[s]\n$result"
    let plan = """
      count: 1
      kinds: [{name: k, ask: q, say: s, formula: a + b}]
      held_out: {phrasings: 0.5}
      tasks: [{name: t, kinds: [k], unseen: phrasings}]
      """
    let error = #expect(throws: PhraseError.self) {
      try ConversationGenerator(plan: plan, phrases: phrases)
    }
    guard case .oneSided("q", let held, of: 4)? = error?.fault else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(held == 0 || held == 4)
  }

  @Test func `no two questions of a task are the same but for typing`() throws {
    let plan = """
      count: 1
      kinds: [{name: k, ask: q, say: s, formula: a + a}]
      held_out: {operands: 0.5}
      tasks: [{name: t, kinds: [k], count: 1000, unseen: operands}]
      """
    let generator = try ConversationGenerator(plan: plan, phrases: "[q]\n$a + $a\n[s]\n$result")
    let questions = generator.questions("t")
    #expect(Set(questions.map { GeneratedTurn.folded($0.text) }).count == questions.count)
    #expect(questions.map(\.id) == (1...questions.count).map { "t-\($0)" })
    #expect(questions.count < 1000, "a task of few questions ends with fewer")
  }

  @Test(
    arguments: [
      ("{ask: hullo}", .undefined("hullo", nearest: "hello")),
      ("{ask: hello, say: hello.sai}", .undefined("hello.sai", nearest: "hello.say")),
    ] as [(String, PhraseFault)]
  )
  func `a section that no file has is named with the plan`(
    _ kind: String,
    _ fault: PhraseFault
  ) {
    #expect(throws: PhraseError(fault, file: "plan.yaml")) {
      try generator("kinds: [\(kind)]")
    }
  }

  @Test func `a system message needs its section`() {
    #expect(throws: PhraseError(.undefined("system", nearest: nil), file: "plan.yaml")) {
      try ConversationGenerator(
        plan: "count: 1\nsystem: 0.1\nkinds: [{ask: a, say: a}]",
        phrases: "[a]\nx"
      )
    }
  }
}
