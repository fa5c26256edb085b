// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

/// An answer that grows on the screen.
///
/// Method: whatever pieces a text comes in, the emulated screen is the same as if it came whole; and a
/// whole text is held to rows that were broken by hand or by a plain loop over its words.
@Suite struct StreamingTextTests {
  private static func screen(
    _ pieces: [String],
    width: Int,
    rules: WidthRules = .scalars,
    isCode: Bool = false,
    indent: Int = 0
  ) -> ScreenEmulator {
    var text = StreamingText(width: width, displayWidth: DisplayWidth(rules: rules))
    text.indent = indent
    var screen = ScreenEmulator(width: width, height: 50, rules: rules)
    for piece in pieces {
      var output: [UInt8] = []
      text.append(piece, isCode: isCode, into: &output)
      screen.write(output)
    }
    var output: [UInt8] = []
    text.finish(into: &output)
    screen.write(output)
    return screen
  }

  private static let sample = """
    The quick brown fox jumps over the lazy dog, and then—without a break—over a well-known
    fence. नमस्ते दुनिया, क्षत्रिय 你好，世界。これは「テスト」です。 שלום עולם مرحبا.

    - 👩‍💻 👨‍👩‍👧 ❤\u{FE0F} 🇩🇪🇫🇷 👍🏽 e\u{301}e\u{302} averyveryverylongwordthatfitsinnorowatall end
    \tTabs\tand   many   spaces
    """

  @Test(arguments: [20, 40, 80, 120], [WidthRules.scalars, .tmux, .clusters])
  func `pieces make the same screen as the whole`(_ width: Int, _ rules: WidthRules) {
    let whole = Self.screen([Self.sample], width: width, rules: rules)
    #expect(whole.unknown.isEmpty)
    let scalars = Self.sample.unicodeScalars.map { String($0) }
    #expect(Self.screen(scalars, width: width, rules: rules).allLines == whole.allLines)
    for seed in 0..<UInt64(50) {
      var generator = SplitMix64(seed: seed)
      var pieces: [String] = []
      for scalar in scalars {
        if pieces.isEmpty || Int.random(in: 0..<4, using: &generator) == 0 {
          pieces.append(scalar)
        } else {
          pieces[pieces.count - 1] += scalar
        }
      }
      let screen = Self.screen(pieces, width: width, rules: rules)
      #expect(screen.allLines == whole.allLines, "seed \(seed)")
    }
  }

  @Test(arguments: [20, 40, 80, 120])
  func `words of letters are broken as a plain loop breaks them`(_ width: Int) {
    for seed in 0..<UInt64(50) {
      var generator = SplitMix64(seed: seed)
      let words = (0..<80).map { _ in
        String(repeating: "x", count: Int.random(in: 1...14, using: &generator))
      }
      var expected = [""]
      for word in words {
        let last = expected[expected.count - 1]
        if last.isEmpty {
          expected[expected.count - 1] = word
        } else if last.count + 1 + word.count <= width {
          expected[expected.count - 1] += " " + word
        } else {
          expected.append(word)
        }
      }
      let text = words.joined(separator: " ")
      #expect(Self.screen(text.map { String($0) }, width: width).allLines == expected)
    }
  }

  @Test func `a word that finds no room moves to the next row at once`() {
    var text = StreamingText(width: 20)
    var screen = ScreenEmulator(width: 20)
    var output: [UInt8] = []
    text.append("one two three fourte", into: &output)
    screen.write(output)
    #expect(screen.lines == ["one two three fourte"])
    output = []
    text.append("e", into: &output)
    #expect(output == Array("\u{1B}[15G\u{1B}[K\r\nfourtee".utf8))
    screen.write(output)
    #expect(screen.lines == ["one two three", "fourtee"])
  }

  @Test func `a mark, a joiner or a flag's second half changes what stands there`() {
    let cases: [([String], WidthRules, String)] = [
      (["xe", "\u{301}y"], .scalars, "xe\u{301}y"), (["क", "\u{93F}", "x"], .scalars, "किx"),
      (["क", "\u{94D}", "ष", "\u{93F}", "x"], .clusters, "क्षिx"),
      (["👩", "\u{200D}", "💻", "x"], .tmux, "👩‍💻x"),
      (["❤", "\u{FE0F}", "x"], .clusters, "❤\u{FE0F}x"),
      (["🇩", "🇪", "🇫", "🇷", "x"], .clusters, "🇩🇪🇫🇷x"), (["👍", "🏽", "x"], .clusters, "👍🏽x"),
    ]
    for (pieces, rules, expected) in cases {
      let screen = Self.screen(pieces, width: 20, rules: rules)
      #expect(screen.lines == [expected])
    }
    // At the right margin the changed character finds no room any more.
    let screen = Self.screen(["abcdefghi❤", "\u{FE0F}", "x"], width: 10, rules: .clusters)
    #expect(screen.lines == ["abcdefghi", "❤\u{FE0F}x"])
  }

  @Test func `ideographs are parted anywhere but before closing punctuation`() {
    let screen = Self.screen(["你好世界你好世界，你好「世界」"], width: 16)
    #expect(screen.lines == ["你好世界你好世", "界，你好「世界」"])
  }

  @Test func `a word of any script stays together, whatever its characters take`() {
    let screen = Self.screen(["अधिकारियों कि क्षत्रियों x\u{1B}[31my"], width: 14)
    #expect(screen.lines == ["अधिकारियों कि", "क्षत्रियों", "x^[[31my"])
  }

  @Test func `code keeps its spaces and is broken anywhere`() {
    let code = "    let value = [1, 2,   3]\n\tx"
    let screen = Self.screen([code], width: 10, isCode: true)
    #expect(screen.lines == ["    let va", "lue = [1,", "2,   3]", "    x"])
  }

  @Test func `line breaks of every system are one, blank lines stay`() {
    #expect(Self.screen(["a\r\nb\rc\n\nd"], width: 20).lines == ["a", "b", "c", "", "d"])
    #expect(Self.screen(["a\r", "\nb\r", "c"], width: 20).lines == ["a", "b", "c"])
  }

  @Test func `rows can keep a margin at the left`() {
    let screen = Self.screen(["one two three four five\nsix"], width: 16, indent: 2)
    #expect(screen.lines == ["  one two three", "  four five", "  six"])
  }

  @Test func `the end closes the line and the look`() {
    var text = StreamingText(width: 20)
    var output: [UInt8] = []
    text.append("thinking", style: .dim, into: &output)
    text.finish(into: &output)
    #expect(output == Array("\u{1B}[0;2mthinking\u{1B}[0m\r\n".utf8))
    output = []
    text.finish(into: &output)
    #expect(output.isEmpty && text.isAtLineStart)
    text.hasColor = false
    text.append("plain", style: .bold, into: &output)
    #expect(output == Array("plain".utf8))
  }

  // MARK: Another width

  @Test(arguments: [true, false])
  func `the line that is being written is broken anew at another width`(_ reflows: Bool) {
    let words = (0..<40).map { "word\($0)" }
    for (first, second) in [(40, 20), (20, 40), (80, 33), (33, 120)] {
      var text = StreamingText(width: first)
      var screen = ScreenEmulator(width: first, height: 30)
      screen.reflows = reflows
      var output: [UInt8] = []
      text.append("The first line.\n" + words[..<20].joined(separator: " ") + " ", into: &output)
      screen.write(output)
      screen.resize(width: second, height: 30)
      output = []
      text.resize(to: WindowSize(columns: second, rows: 30), reflows: reflows, into: &output)
      text.append(words[20...].joined(separator: " "), into: &output)
      screen.write(output)
      let expected = Self.screen([words.joined(separator: " ")], width: second).lines
      #expect(screen.allLines == ["The first line."] + expected, "\(first) to \(second)")
      #expect(screen.unknown.isEmpty)
    }
  }

  @Test func `a line that is taller than the screen goes on where it is`() {
    var text = StreamingText(width: 20)
    var screen = ScreenEmulator(width: 20, height: 5)
    var output: [UInt8] = []
    let words = (0..<100).map { "word\($0)" }
    text.append(words.joined(separator: " "), into: &output)
    screen.write(output)
    screen.resize(width: 40, height: 5)
    output = []
    text.resize(to: WindowSize(columns: 40, rows: 5), reflows: true, into: &output)
    text.append(" next" + String(repeating: " more", count: 20), into: &output)
    screen.write(output)
    let all = screen.allLines.joined(separator: " ").split(separator: " ").map(String.init)
    #expect(all == words + ["next"] + Array(repeating: "more", count: 20))
  }

  // MARK: Outputs

  private static func output(
    _ terminal: ScriptedTerminal,
    _ variables: [String: String],
    isTerminal: Bool
  )
    -> StreamingOutput
  {
    let capabilities = TerminalCapabilities(
      inputIsTerminal: false,
      outputIsTerminal: isTerminal,
      environment: { variables[$0] }
    )
    return StreamingOutput(
      connection: terminal,
      capabilities: capabilities,
      displayWidth: DisplayWidth()
    )
  }

  @Test func `a pipe gets every byte, a dumb terminal safe text`() throws {
    let pipe = ScriptedTerminal(ScreenEmulator(width: 20))
    var output = Self.output(pipe, [:], isTerminal: false)
    try output.append("a\u{1B}[1m **b** a long line that is not broken\r\n", isMarkdown: true)
    try output.append("c")
    try output.finish()
    let written = String(decoding: pipe.written.joined(), as: UTF8.self)
    #expect(written == "a\u{1B}[1m **b** a long line that is not broken\r\nc\n")
    let dumb = ScriptedTerminal(ScreenEmulator(width: 20))
    output = Self.output(dumb, ["TERM": "dumb"], isTerminal: true)
    try output.append("a\u{1B}[1m\n")
    try output.finish()
    #expect(String(decoding: dumb.written.joined(), as: UTF8.self) == "a^[[1m\n")
  }

  @Test func `an output that is closed is an error`() throws {
    let terminal = ScriptedTerminal(ScreenEmulator(width: 20))
    terminal.writesLeft = 1
    var output = Self.output(terminal, ["TERM": "xterm"], isTerminal: true)
    try output.append("a")
    #expect(throws: TerminalError(.closed)) { try output.append("b") }
    #expect(throws: TerminalError(.closed)) { try output.finish() }
  }

  @Test func `an output follows the window's size`() throws {
    let terminal = ScriptedTerminal(ScreenEmulator(width: 40), [.resize(width: 20, height: 10)])
    var output = Self.output(terminal, ["TERM": "xterm"], isTerminal: true)
    try output.append("one two three four five six")
    _ = try terminal.next(within: nil)
    try output.append(" seven eight")
    try output.finish()
    #expect(terminal.screen.lines == ["one two three four", "five six seven eight"])
  }
}
