// SPDX-License-Identifier: Apache-2.0

import Inference
import TestSupport
import Testing

/// Stop texts in streams that are cut anywhere.
@Suite struct StopMatcherTests {
  /// Streams a text in pieces and gathers what is released.
  private func stream(_ pieces: [String], _ stops: [String]) -> (text: String, found: Bool) {
    var matcher = StopMatcher(stops)
    var text = ""
    for piece in pieces {
      let result = matcher.append(piece)
      text += result.text
      if result.found { return (text, true) }
    }
    return (text + matcher.finish(), false)
  }

  @Test func `text before the stop is released, the stop is not`() {
    #expect(stream(["Hello ", "wor", "ld END more"], ["END"]) == ("Hello world ", true))
    #expect(stream(["ab", "c"], ["bc"]) == ("a", true))
    #expect(stream(["ab", "d"], ["bc"]) == ("abd", false))
    #expect(stream(["aab", "aac"], ["aaac"]) == ("aabaac", false))
  }

  @Test func `of several stops the earliest wins`() {
    #expect(stream(["one two three"], ["three", "two"]) == ("one ", true))
  }

  @Test func `the stop that was found is known`() {
    var matcher = StopMatcher(["three", "two", "tw"])
    _ = matcher.append("one t")
    #expect(matcher.found == nil)
    _ = matcher.append("wo three")
    #expect(matcher.found == "two")
  }

  @Test func `an empty stop text never matches`() {
    #expect(stream(["abc"], [""]) == ("abc", false))
  }

  @Test func `every cut of a text gives the same result`() {
    var random = SplitMix64(seed: 9)
    let text = Array("naïve 你好 aab aaab 🙂 end")
    let stops = ["aaab", "好 a", "nd!"]
    let whole = stream([String(text)], stops)
    for _ in 0..<200 {
      var pieces: [String] = []
      var rest = text[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...4, using: &random)
        pieces.append(String(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(stream(pieces, stops) == whole, "\(pieces)")
    }
  }
}
