// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import Testing
import Training

/// Phrases: what lines come to, and what is said of those that cannot be read.
@Suite struct PhraseBookTests {
  // Method: answers are a section's text as it is, without what typing does to questions. Of some
  // hundred answers each possible text must come, and no other.
  private func texts(_ phrases: String) throws -> [String] {
    let plan = "count: 1\nkinds: [{ask: ask, say: say}]"
    let generator = try ConversationGenerator(plan: plan, phrases: "[ask]\nHello\n" + phrases)
    return generator.turns(ofFirst: 400).compactMap { $0.last?.content }
  }

  @Test(arguments: [
    ("plain text, as it is", ["plain text, as it is"]),
    ("{a|b}", ["a", "b"]),
    ("x{|y}z", ["xz", "xyz"]),
    ("{a|b}{c|d}", ["ac", "ad", "bc", "bd"]),
    ("{a{1|2|{x|y}}|b}", ["a1", "a2", "ax", "ay", "b"]),
    ("so {@end}", ["so deep", "so cold", "so cold and deep"]),
    ("{{@end}|no}", ["deep", "cold", "cold and deep", "no"]),
    ("the $end sea", ["the deep sea", "the cold sea", "the cold and deep sea"]),
    (#"\{a\|b\} \$end \\ 1\n2"#, ["{a|b} $end \\ 1\n2"]),
    ("first\nsecond", ["first", "second"]),
    ("# a comment\n\ntext # and no comment", ["text # and no comment"]),
    ("3*4 is no weight", ["3*4 is no weight"]),
    ("哈 {你|好}", ["哈 你", "哈 好"]),
  ])
  func `a line comes to each of its texts and to no other`(_ lines: String, _ all: [String]) throws
  {
    let made = try texts("[say]\n\(lines)\n[end]\ndeep\ncold\ncold and {deep|deep}\n")
    #expect(Set(made) == Set(all))
  }

  @Test func `a phrase comes as often as its weight says`() throws {
    let made = try texts("[say]\n6* often\n2* at times\nrarely\n")
    let counts = ["often", "at times", "rarely"].map { text in made.count { $0 == text } }
    // Of 400: 267, 89 and 44, each within four deviations.
    #expect((229...305).contains(counts[0]) && (55...123).contains(counts[1]), "\(counts)")
    #expect((19...69).contains(counts[2]) && counts.reduce(0, +) == 400, "\(counts)")
  }

  @Test func `a slot is drawn once and kept, and $name2 is another`() throws {
    let plan = "count: 1\nkinds: [{ask: ask, say: say}]"
    let names = "ABCDEFGH".map { "name-\($0)" }
    let phrases =
      "[ask]\n$name $name2 $name3\n[say]\n$name {@again} $name2 $name3\n[again]\n$name\n[name]\n"
    let generator = try ConversationGenerator(
      plan: plan,
      phrases: phrases + names.joined(separator: "\n")
    )
    var seen: Set<String> = []
    for turns in generator.turns(ofFirst: 300) {
      let words = (turns.last?.content ?? "").split(separator: " ").map(String.init)
      #expect(words.count == 4 && words[0] == words[1])
      #expect(Set(words).count == 3, "\(words)")
      // Typing changes case and may slip within a word; the order stays.
      let asked = turns[0].content.lowercased().split(whereSeparator: \.isWhitespace).compactMap(
        \.last
      )
      #expect(asked == [words[0], words[2], words[3]].compactMap { $0.lowercased().last })
      seen.formUnion(words)
    }
    #expect(seen == Set(names))
  }

  @Test func `a section with too few phrases repeats one and ends`() throws {
    let made = try texts("[say]\n$end $end2 $end3\n[end]\nx\n")
    #expect(Set(made) == ["x x x"])
  }

  @Test func `big and small slots are numbers of their size`() throws {
    for text in try texts("[say]\n$big $big2 $small\n") {
      let numbers = text.split(separator: " ").compactMap { Int($0) }
      #expect(numbers.count == 3 && numbers[0] != numbers[1], "\(text)")
      #expect((100...99_999).contains(numbers[0]) && (0...99).contains(numbers[2]), "\(text)")
    }
  }

  private static let deep = String(repeating: "{", count: 9) + String(repeating: "}", count: 9)

  @Test(
    arguments: [
      ("x\n[a]\ny", .outside, 1), ("[a]\nx\n[b]\ny\n[a]\nz", .repeated("a"), 5),
      ("[a]\nx\n\n[b]\n# none\n", .empty("b"), 4), ("[a]\nx\n{y|z", .unclosed, 3),
      ("[a]\n{@b", .unclosed, 2), ("[a]\nx}", .unexpected("}"), 2),
      ("[a]\nx|y", .unexpected("|"), 2), ("[a]\ncosts $5", .unexpected("$"), 2),
      ("[a]\n$", .unexpected("$"), 2), ("[a]\nx\\", .unexpected("\\"), 2),
      ("[a]\n\\x", .unexpected("x"), 2), ("[a]\nx\n\(deep)", .tooDeep(8), 3),
      ("[a]\nx\ny {p|{@colour}}\nz\n[color]\nred", .undefined("colour", nearest: "color"), 3),
      ("[a]\nx\n$nme\n[name]\nAnn", .undefined("nme", nearest: "name"), 3),
      ("[p]\n$result2", .undefined("result", nearest: nil), 2),
      ("[c]\nx\n[a]\nx\n{y|{@a}}", .circular("a"), 3),
      ("[p]\n{@q}\n[q]\nx\n$r\n[r]\n{@p}", .circular("p"), 1),
    ] as [(String, PhraseFault, Int)]
  )
  func `a fault is named with its file and line`(
    _ text: String,
    _ fault: PhraseFault,
    _ line: Int
  ) {
    let good = PhraseBook.File(name: "good.phrases", bytes: Array("[fine]\nfine".utf8))
    let bad = PhraseBook.File(name: "bad.phrases", bytes: Array(text.utf8))
    let error = #expect(throws: PhraseError.self) { try PhraseBook([good, bad]) }
    #expect(error?.fault == fault)
    #expect(error?.place == "bad.phrases:\(line)")
    #expect(error?.exitCode == .badData && error?.what.isEmpty == false)
  }

  @Test func `a slot is no section's name where it is a number's`() throws {
    _ = try PhraseBook([PhraseBook.File(name: "a", bytes: Array("[x]\n$a $b $c $result".utf8))])
  }

  @Test func `sections of other files are at hand, and lines may end as on Windows`() throws {
    let first = PhraseBook.File(name: "1", bytes: Array("# one\r\n[say]\r\n{@end}\r\n".utf8))
    let second = PhraseBook.File(name: "2", bytes: Array("[end]\r\nx\r\n[ask]\r\nWell\r\n".utf8))
    let plan = try GenerationPlan(
      Array("count: 1\nkinds: [{ask: ask, say: say}]".utf8),
      file: "plan.yaml"
    )
    let generator = try ConversationGenerator(plan, PhraseBook([first, second]), planFile: "p")
    #expect(generator.turns(ofFirst: 1)[0].last?.content == "x")
  }

  @Test func `bytes that are no text are refused`() {
    let file = PhraseBook.File(name: "a.phrases", bytes: Array("[a]\nx".utf8) + [0xFF])
    #expect(throws: PhraseError(.notUTF8, file: "a.phrases")) { try PhraseBook([file]) }
  }
  @Test func `what stands for a character can be told from what means something`() {
    let remedy = PhraseError(.unexpected("|"), file: "a", line: 1).remedy
    #expect(remedy == "a backslash before it makes it a character like others")
    #expect(PhraseError(.undefined("a", nearest: "b"), file: "a").remedy == "did you mean 'b'?")
  }
}
