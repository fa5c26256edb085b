// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

/// A text and its cursor.
@Suite struct EditBufferTests {
  @Test func `a mark joins the letter before it`() {
    var buffer = EditBuffer("क")
    buffer.insert("\u{93F}")
    #expect(buffer.characters == ["कि"] && buffer.cursor == 1)
    buffer = EditBuffer("ab")
    buffer.move(to: 1)
    buffer.insert("\u{301}")
    #expect(buffer.characters == ["a\u{301}", "b"] && buffer.cursor == 1)
  }

  @Test func `backspace takes the last mark of a letter, and emoji as a whole`() {
    var buffer = EditBuffer("क्षि")
    var steps: [String] = []
    while buffer.deleteBackward() { steps.append(buffer.text) }
    #expect(steps == ["क्ष", ""])
    buffer = EditBuffer("a👩‍💻🇩🇪❤\u{FE0F}한")
    steps = []
    while buffer.deleteBackward() { steps.append(buffer.text) }
    #expect(steps == ["a👩‍💻🇩🇪❤\u{FE0F}", "a👩‍💻🇩🇪", "a👩‍💻", "a", ""])
  }

  @Test func `what stood apart joins once what was between is gone`() {
    var buffer = EditBuffer("e\n\u{301}x")
    buffer.move(to: 1)
    #expect(buffer.deleteForward() == true)
    #expect(buffer.characters == ["e\u{301}", "x"] && buffer.cursor == 1)
  }

  @Test func `line breaks of every system are one`() {
    #expect(EditBuffer("a\r\nb\rc\nd").text == "a\nb\nc\nd")
    var buffer = EditBuffer()
    buffer.insert("a\r\nb")
    #expect(buffer.text == "a\nb" && buffer.cursor == 3)
  }

  @Test func `words are letters and digits, in every script`() {
    var buffer = EditBuffer("foo-bar, नमस्ते 你好")
    #expect(buffer.previousWordStart == buffer.characters.count - 2)
    buffer.move(to: 0)
    #expect(buffer.nextWordEnd == 3)
    buffer.move(to: 3)
    #expect(buffer.nextWordEnd == 7)
    buffer.move(to: 7)
    #expect(buffer.previousSpaceEnd == 0)
  }

  @Test func `random edits keep a text and a cursor within it`() {
    let pieces = ["a", " ", "\n", "\u{301}", "क", "\u{94D}", "ष", "🇩", "🇪", "👩", "\u{200D}", "💻"]
    for seed in 0..<UInt64(300) {
      var generator = SplitMix64(seed: seed)
      var buffer = EditBuffer()
      for _ in 0..<60 {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: _ = buffer.deleteBackward()
        case 1: _ = buffer.deleteForward()
        case 2: _ = buffer.transpose()
        case 3: buffer.move(to: Int.random(in: -1...20, using: &generator))
        case 4: buffer.remove(buffer.previousWordStart..<buffer.cursor)
        default: buffer.insert(pieces[Int.random(in: 0..<pieces.count, using: &generator)])
        }
        #expect((0...buffer.characters.count).contains(buffer.cursor), "seed \(seed)")
        // Characters are those that the text has: none is a part of one.
        let line = buffer.characters[buffer.lineStart..<buffer.lineEnd]
        #expect(Array(String(line)) == Array(line), "seed \(seed)")
      }
    }
  }
}
