// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

/// What the screen shows while a text is edited.
///
/// Method: what the painter writes goes through the emulator, and the result is held against a screen
/// on which the same view was painted afresh.
@Suite struct EditorScreenTests {
  private static let widths = [20, 40, 80, 120]

  /// An editor, its painter and the screen that they believe in.
  private struct Bench {
    var editor: LineEditor
    var painter = ScreenPainter(hasColor: true)
    var screen: ScreenEmulator
    var output: [UInt8] = []
    var firstRow = 0

    init(width: Int, height: Int = 60, rules: WidthRules = .scalars, screenRules: WidthRules? = nil)
    {
      editor = LineEditor(displayWidth: DisplayWidth(rules: rules), width: width)
      screen = ScreenEmulator(width: width, height: height, rules: screenRules ?? rules)
      screen.write("earlier\r\n\u{1B}[?7l".utf8)
    }

    mutating func press(_ keys: Key...) {
      for key in keys { _ = editor.handle(key) }
      show()
    }

    mutating func show() {
      output = []
      let view = editor.view(height: screen.height, firstRow: firstRow)
      firstRow = view.firstRow
      painter.paint(view.rows, cursor: view.cursor, into: &output)
      screen.write(output)
    }

    mutating func resize(width: Int) {
      output = []
      screen.resize(width: width, height: screen.height)
      painter.resize(width: width, reflows: screen.reflows, into: &output)
      screen.write(output)
      editor.width = width
      show()
    }

    /// The same view on an empty screen.
    var fresh: ScreenEmulator {
      var screen = ScreenEmulator(width: screen.width, height: screen.height, rules: screen.rules)
      var painter = ScreenPainter(hasColor: true)
      var output: [UInt8] = []
      let view = editor.view(height: screen.height, firstRow: firstRow)
      painter.paint(view.rows, cursor: view.cursor, into: &output)
      screen.write("\u{1B}[?7l".utf8)
      screen.write(output)
      return screen
    }
  }

  private static let pieces = [
    "a", "b", " ", "longer words ", "\t", "\u{1B}", "नमस्ते", "क", "\u{93F}", "你好", "한", "👩‍💻", "❤",
    "\u{FE0F}", "🇩🇪", "e\u{301}", "שלום", "\u{202E}", "…",
  ]

  private static func randomKey(_ generator: inout SplitMix64) -> Key {
    switch Int.random(in: 0..<16, using: &generator) {
    case 0: Key(.backspace)
    case 1: Key(.delete)
    case 2: Key(.left)
    case 3: Key(.right)
    case 4: Key(.up)
    case 5: Key(.down)
    case 6: Key(.enter, .alt)
    case 7: .control("w")
    case 8: .control("_")
    case 9: .control("a")
    case 10: .control("e")
    case 11: .control("t")
    default: .text(pieces[Int.random(in: 0..<pieces.count, using: &generator)])
    }
  }

  @Test(arguments: widths, [WidthRules.scalars, .tmux, .clusters])
  func `after any keys the screen is as if painted afresh`(_ width: Int, _ rules: WidthRules) {
    for seed in 0..<UInt64(40) {
      var generator = SplitMix64(seed: seed)
      var bench = Bench(width: width, rules: rules)
      for step in 0..<60 {
        bench.press(Self.randomKey(&generator))
        let fresh = bench.fresh
        #expect(bench.screen.unknown.isEmpty)
        #expect(bench.screen.allLines == ["earlier"] + fresh.lines, "seed \(seed), step \(step)")
        #expect(bench.screen.row == fresh.row + 1, "seed \(seed), step \(step)")
        #expect(bench.screen.column == fresh.column, "seed \(seed), step \(step)")
      }
    }
  }

  @Test(arguments: [true, false])
  func `after any change of the width too`(_ reflows: Bool) {
    for seed in 0..<UInt64(80) {
      var generator = SplitMix64(seed: seed)
      var bench = Bench(width: 40)
      bench.screen.reflows = reflows
      for step in 0..<40 {
        if step % 5 == 4 {
          bench.resize(width: Int.random(in: 12...120, using: &generator))
        } else {
          bench.press(Self.randomKey(&generator))
        }
        let fresh = bench.fresh
        #expect(bench.screen.lines == ["earlier"] + fresh.lines, "seed \(seed), step \(step)")
        #expect(bench.screen.column == fresh.column, "seed \(seed), step \(step)")
      }
    }
  }

  @Test(arguments: widths)
  func `a letter at the end of a long text costs one byte`(_ width: Int) {
    var bench = Bench(width: width)
    bench.press(.text(String(repeating: "words and ", count: 30)))
    bench.press(.text("x"))
    #expect(bench.output == Array("x".utf8))
    bench.press(Key(.backspace))
    #expect(bench.output.count < 12)
    bench.press(.control("a"))
    #expect(bench.output.count < 12)
    bench.press(.control("a"))
    #expect(bench.output.isEmpty)
  }

  @Test func `rows are full to the last column, and a wide character that finds none moves on`() {
    var bench = Bench(width: 20)
    bench.press(.text("abcdefghijklmnopq"))
    #expect(bench.screen.lines == ["earlier", "> abcdefghijklmnopq"])
    bench.press(.text("你"))
    #expect(bench.screen.lines == ["earlier", "> abcdefghijklmnopq", "  你"])
    #expect((bench.screen.row, bench.screen.column) == (2, 4))
    bench.press(Key(.backspace), .text("r"))
    #expect(bench.screen.lines == ["earlier", "> abcdefghijklmnopqr"])
    #expect((bench.screen.row, bench.screen.column) == (2, 2))
    bench.press(Key(.left))
    #expect((bench.screen.row, bench.screen.column) == (1, 19))
  }

  @Test func `the cursor stands at its character, whatever terminals think of the others`() {
    for rules in [WidthRules.scalars, .tmux, .clusters] {
      for screenRules in [WidthRules.scalars, .tmux, .clusters] {
        var bench = Bench(width: 40, rules: rules, screenRules: screenRules)
        bench.press(.text("क्षि 👩‍💻 ❤\u{FE0F} 👍🏽 end"), Key(.left), Key(.left), Key(.left))
        let mark = DisplayWidth(rules: screenRules).columns(of: "> क्षि 👩‍💻 ❤\u{FE0F} 👍🏽 ")
        #expect(bench.screen.column == mark)
        bench.press(.text("the "))
        #expect(bench.screen.lines == ["earlier", "> क्षि 👩‍💻 ❤\u{FE0F} 👍🏽 the end"])
        bench.press(.control("a"), Key(.delete), .text("x"))
        #expect(bench.screen.lines == ["earlier", "> x 👩‍💻 ❤\u{FE0F} 👍🏽 the end"])
      }
    }
  }

  @Test func `of a text that is taller than the screen the part around the cursor is shown`() {
    var bench = Bench(width: 20, height: 6)
    bench.press(Key(.paste((1...30).map { "line \($0)" }.joined(separator: "\n"))))
    #expect(bench.screen.lines == (25...30).map { "  line \($0)" })
    bench.press(Key(.up), Key(.up))
    #expect(bench.screen.lines == (25...30).map { "  line \($0)" })
    bench.press(Key(.home, .control))
    #expect(bench.screen.lines.first == "> line 1" && bench.screen.row == 0)
    var output: [UInt8] = []
    bench.painter.finish(bench.editor.finalRows, into: &output)
    bench.screen.write(output)
    let expected = ["earlier", "> line 1"] + (2...30).map { "  line \($0)" }
    #expect(Array(bench.screen.allLines.suffix(30)) == Array(expected.suffix(30)))
    #expect(bench.screen.column == 0 && bench.screen.lines.last == "  line 30")
  }

  @Test func `hints stand behind the text and go with the first letter that differs`() {
    var bench = Bench(width: 20)
    bench.editor.settings.hint = { $0.isEmpty ? "ask something, or type /help" : nil }
    bench.show()
    #expect(bench.screen.lines == ["earlier", "> ask something, or…"])
    #expect(bench.screen.column == 2)
    bench.press(.text("a"))
    #expect(bench.screen.lines == ["earlier", "> a"])
  }

  @Test func `without color nothing but moves is written`() {
    var editor = LineEditor(settings: .init(hint: { _ in "hint" }))
    var painter = ScreenPainter(hasColor: false)
    _ = editor.handle(.text("a\u{301}b"))
    let view = editor.view(height: 9)
    var output: [UInt8] = []
    painter.paint(view.rows, cursor: view.cursor, into: &output)
    #expect(!output.contains(UInt8(ascii: "m")))
  }
}
