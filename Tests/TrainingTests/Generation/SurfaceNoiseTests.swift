// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

/// What typing does to questions, and what it leaves.
@Suite struct SurfaceNoiseTests {
  private func texts(_ question: String, count: Int = 2000) -> [String] {
    (0..<count).map { index in
      var draw = Draw(seed: 9, stream: 0, index: index)
      return SurfaceNoise.text(question, &draw)
    }
  }

  private func numbers(_ text: String) -> [String] {
    text.split { !$0.isNumber }.map(String.init)
  }

  @Test(arguments: [
    "What is 12 - 34 + 56?", "12-34+56=", "12 - 34 + 56 = ?", "Work out 12 - 34 + 56, please.",
    "Hi, 12 - 34 + 56!", "12 − 34 + 56。",
  ])
  func `numbers and signs stay, in their order`(_ question: String) {
    for text in texts(question) {
      let bare = text.map { "−–".contains($0) ? "-" : $0 }.filter { !$0.isWhitespace }
      #expect(String(bare).contains("12-34+56"), "\(text)")
    }
  }

  @Test(arguments: [
    "Ann has 12 apples, gets 34 and gives away 5. How many are left?", "7 take away 90",
    "Room 101, 5 of 17: what's 1 + 2?",
  ])
  func `no digit changes place or goes`(_ question: String) {
    for text in texts(question) { #expect(numbers(text) == numbers(question), "\(text)") }
  }

  @Test(arguments: [(6, 60), (7, 70), (9, 19), (4, 14), (8, 80), (21, 99)])
  func `no slip makes a number's word another's`(_ first: Int, _ second: Int) throws {
    let words = Set((0..<100).compactMap { NumberWords.text($0) }.filter { !$0.contains("-") })
    let one = try #require(NumberWords.text(first))
    let other = try #require(NumberWords.text(second))
    for text in texts("What is \(one) minus \(other)?", count: 6000) {
      let found = text.lowercased().split { !$0.isLetter }.map(String.init)
      let own = (one + "-" + other).split(separator: "-").map(String.init)
      #expect(words.intersection(found).isSubset(of: own), "\(text)")
    }
  }

  // Method: all but one word of a line are as they were, case apart, and one has one slip.
  @Test func `at most one word has a slip, of one letter`() {
    let words = "take the number nine away from seventy".split(separator: " ").map(String.init)
    for text in texts(words.joined(separator: " ")) {
      let made = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
      #expect(made.count == words.count, "\(text)")
      let changed = zip(words, made).filter { $0 != $1 }
      #expect(changed.count <= 1, "\(text)")
      for (word, slip) in changed {
        #expect(abs(word.count - slip.count) <= 1, "\(text)")
        #expect(Set(slip).isSubset(of: Set(word)), "\(text)")
      }
    }
  }

  @Test func `each way of typing occurs, and many questions stay as they are`() {
    let question = "What is the sum of 12 - 34?"
    let made = texts(question)
    func count(_ fits: (String) -> Bool) -> Int { made.count(where: fits) }
    #expect((1000...1700).contains(count { $0 == question }))
    #expect(count { $0.contains("what is") } > 100 && count { $0.contains("THE SUM") } > 5)
    #expect(count { !$0.contains("?") } > 100 && count { $0.contains("??") } > 5)
    #expect(count { $0.contains("12-34") } > 50 && count { $0.contains("−") } > 5)
    #expect(count { $0.contains("  ") } > 5 && count { $0.last?.isWhitespace == true } > 5)
  }

  @Test(arguments: ["?", "5", "!!", "。", "a"])
  func `nothing becomes empty`(_ question: String) {
    #expect(texts(question, count: 500).allSatisfy { !$0.isEmpty })
  }
}
