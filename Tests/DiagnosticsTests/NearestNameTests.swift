// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing

@Suite struct NearestNameTests {
  @Test(
    arguments: [
      ("temprature", "temperature"), ("temp", "temperature"), ("--model", "model"),
      ("modle", "model"), ("max_tokens", "max-tokens"), ("max-token", "max-tokens"),
      ("t", nil), ("to", nil), ("top", nil), ("threds", "threads"), ("thraeds", "threads"),
      ("color", nil),
    ] as [(String, String?)]
  )
  func `a word has the name that it begins, else the one with the fewest changes`(
    word: String,
    name: String?
  ) {
    let names = ["model", "top-k", "top-p", "temperature", "threads", "max-tokens"]
    #expect(NearestName.of(word, in: names) == name)
  }

  @Test func `of names that are equally near the first of the alphabet is chosen`() {
    #expect(NearestName.of("cat", in: ["hat", "bat"]) == "bat")
  }

  @Test func `nothing is near where there are no names, and a long word is no name`() {
    #expect(NearestName.of("model", in: [String]()) == nil)
    let long = String(repeating: "a", count: 65)
    #expect(NearestName.of(long, in: [long]) == nil)
    #expect(NearestName.of(long.dropFirst() + "", in: [long]) == long)
  }
}
