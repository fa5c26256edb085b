// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

/// Nothing in somebody's text commands the terminal.
///
/// Method: what would command it is put through every way to the screen, and the emulator, which
/// knows only what the drawing itself uses, must have seen nothing else.
@Suite struct ScreenSafetyTests {
  private static let attacks = [
    "\u{1B}[2J", "\u{1B}]0;title\u{7}", "\u{1B}]52;c;ZXZpbA==\u{1B}\\", "\u{1B}P$q\u{1B}\\",
    "\u{9B}2J", "\u{9D}0;t\u{9C}", "\u{1B}c", "\u{8}\u{8}\u{8}", "a\rb", "\u{B}\u{C}", "\u{7}",
    "\u{E}", "\u{85}", "\u{202E}txt.exe", "\u{2066}\u{202D}x", "\u{2028}\u{2029}", "\u{7F}",
    "\u{1B}", "\u{0}", "\u{E0041}\u{E0042}", "\u{FFFE}", "\u{1B}\u{301}[2J", "\u{1B}\u{200D}[31m",
  ]

  private static let commands: Set<Unicode.Scalar> = Set(
    ((0..<0x20).map { $0 } + (0x7F..<0xA0) + [0x202D, 0x202E, 0x2028, 0x2029]).compactMap {
      Unicode.Scalar($0 as UInt32)
    }
  ).subtracting(["\n", "\t"])

  @Test(arguments: attacks)
  func `a safe text holds no command`(_ attack: String) {
    for rules in [WidthRules.scalars, .tmux, .clusters] {
      let safe = DisplayWidth(rules: rules).safe("x\(attack)y\tz\n")
      #expect(Self.commands.isDisjoint(with: safe.unicodeScalars))
      #expect(safe.hasPrefix("x") && safe.hasSuffix("y\tz\n"))
    }
  }

  @Test(arguments: attacks)
  func `an answer cannot command the terminal, in whatever pieces it comes`(_ attack: String) {
    for width in [20, 80] {
      var text = StreamingText(width: width)
      var screen = ScreenEmulator(width: width)
      var output: [UInt8] = []
      text.append("before ", into: &output)
      for scalar in attack.unicodeScalars { text.append(String(scalar), into: &output) }
      text.append(" after", into: &output)
      text.finish(into: &output)
      screen.write(output)
      #expect(screen.unknown.isEmpty && screen.bellCount == 0)
      #expect(screen.modes == [7, 25])
      #expect(screen.lines.first?.hasPrefix("before") == true)
      #expect(screen.lines.joined(separator: " ").contains("after"))
    }
  }

  @Test(arguments: attacks)
  func `an edited text, a prompt, a hint and a list cannot either`(_ attack: String) {
    let settings = LineEditor.Settings(
      prompt: "\(attack)> ",
      complete: { _ in
        Completion(replacedCount: 0, candidates: [.init("a\(attack)", note: attack), .init("b")])
      },
      hint: { _ in attack }
    )
    var editor = LineEditor(settings: settings, width: 40)
    _ = editor.handle(Key(.paste(attack)))
    _ = editor.handle(Key(.tab))
    let view = editor.view(height: 24)
    let cells = view.rows.flatMap(\.cells)
    #expect(Self.commands.isDisjoint(with: cells.flatMap { Array($0.text.unicodeScalars) }))
    let bar = ProgressBar(label: attack, total: 5).text(width: 60)
    #expect(Self.commands.isDisjoint(with: bar.unicodeScalars))
  }

  @Test func `what is replaced is seen`() {
    let width = DisplayWidth()
    #expect(width.safe("a\u{1B}[31mb\u{9B}c\u{202E}d\u{7F}") == "a^[[31mb<9B>c<202E>d^?")
    #expect(width.columns(of: "\u{202E}") == 6)
  }

  @Test func `what no screen needs is left out`() {
    let width = DisplayWidth()
    #expect(width.safe("a\u{200B}\u{FEFF}\u{AD}b\u{200F}\u{2067}c\u{2069}") == "abc")
    #expect(width.safe("x\u{E0041}\u{E0042}y") == "xy")
  }

  @Test func `what belongs to a character stays`() {
    let width = DisplayWidth()
    let flag = "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"
    for text in ["क्\u{200D}ष", "می\u{200C}خواهم", "👩‍💻", "❤\u{FE0F}", flag] {
      #expect(Array(width.safe(text).unicodeScalars) == Array(text.unicodeScalars))
    }
  }

  @Test func `random scalars never become commands`() {
    let count = 100_000
    var generator = SplitMix64(seed: 12)
    let width = DisplayWidth()
    for _ in 0..<count / 10 {
      var text = String.UnicodeScalarView()
      for _ in 0..<10 {
        let value = UInt32.random(in: 0..<0x1_1000, using: &generator)
        if let scalar = Unicode.Scalar(value) { text.append(scalar) }
      }
      let safe = width.safe(String(text))
      #expect(Self.commands.isDisjoint(with: safe.unicodeScalars))
    }
  }
}
