// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

/// Columns of characters.
///
/// Method: the figures for `tmux` and for scalars were read off tmux 3.3a (`#{cursor_x}` behind each
/// text) and glibc's `wcwidth`; those for clusters follow kitty's "text sizing" document.
@Suite struct DisplayWidthTests {
  private static let scalars = DisplayWidth(rules: .scalars)
  private static let tmux = DisplayWidth(rules: .tmux)
  private static let clusters = DisplayWidth(rules: .clusters)

  @Test(arguments: [
    ("a", 1, 1, 1), ("é", 1, 1, 1), ("e\u{301}", 1, 1, 1), ("你", 2, 2, 2), ("한", 2, 2, 2),
    ("각", 2, 2, 2), ("ｱ", 1, 1, 1), ("Ａ", 2, 2, 2), ("か\u{3099}", 2, 2, 2),
    ("कि", 2, 2, 1), ("क्षि", 3, 3, 1), ("ते", 1, 1, 1), ("ก็", 1, 1, 1), ("தி", 2, 1, 1),
    ("👍", 2, 2, 2), ("👍🏽", 4, 4, 2), ("👩‍💻", 4, 2, 2), ("👨‍👩‍👧", 6, 2, 2),
    ("❤", 1, 1, 1), ("❤\u{FE0F}", 1, 1, 2), ("1\u{FE0F}\u{20E3}", 1, 1, 2), ("🇩🇪", 2, 2, 2),
    ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2, 2, 2),
    ("ש\u{5C1}", 1, 1, 1), ("سَ", 1, 1, 1), ("\u{600}", 1, 1, 1), ("─", 1, 1, 1), ("…", 1, 1, 1),
  ])
  func `a character takes the columns that terminals give it`(
    _ text: String,
    _ scalars: Int,
    _ tmux: Int,
    _ clusters: Int
  ) {
    #expect(Self.scalars.columns(of: text) == scalars)
    #expect(text == "தி" || Self.tmux.columns(of: text) == tmux)
    #expect(Self.clusters.columns(of: text) == clusters)
  }

  @Test func `texts of several characters take the sum`() {
    #expect(Self.scalars.columns(of: "नमस्ते") == 4)
    #expect(Self.scalars.columns(of: "你好, 世界!") == 11)
    #expect(Self.scalars.columns(of: "שלום") == 4)
  }

  @Test func `a mark without a letter gets one`() {
    #expect(Self.scalars.glyph(for: "\u{301}") == Glyph(text: "◌\u{301}", columns: 1))
    #expect(Self.scalars.glyph(for: "\u{903}") == Glyph(text: "◌\u{903}", columns: 2))
  }

  @Test func `a stack of marks is cut`() throws {
    let stack = Character("a" + String(repeating: "\u{301}", count: 1000))
    let glyph = Self.scalars.glyph(for: stack)
    #expect(glyph.columns == 1 && glyph.text.unicodeScalars.count == 16)
  }

  @Test func `the terminal's name chooses the rules`() {
    func rules(_ variables: [String: String]) -> WidthRules { WidthRules { variables[$0] } }
    #expect(rules(["TERM": "xterm-256color"]) == .scalars)
    #expect(rules(["TERM": "tmux-256color", "TMUX": "/tmp/x"]) == .tmux)
    #expect(rules(["TERM": "xterm-kitty"]) == .clusters)
    #expect(rules(["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"]) == .clusters)
    #expect(rules(["TERM": "xterm-kitty", "TMUX": "/tmp/x"]) == .tmux)
  }

  @Test(arguments: [WidthRules.scalars, .tmux, .clusters])
  func `the probe finds a terminal's rules, whatever was assumed`(_ rules: WidthRules) throws {
    for assumed in [WidthRules.scalars, .clusters] {
      var screen = ScreenEmulator(width: 40, rules: rules)
      screen.write(WidthProbe.request(hasColor: true))
      var decoder = KeyDecoder()
      decoder.expectsReports = true
      let columns = decoder.decode(screen.answers).compactMap { key -> Int? in
        guard case .cursorReport(_, let column) = key.symbol else { return nil }
        return column
      }
      #expect(columns.count == WidthProbe.answerCount)
      #expect(WidthProbe.rules(columns: columns, assuming: assumed) == rules)
      #expect(screen.lines.isEmpty && screen.unknown.isEmpty && screen.column == 0)
    }
    #expect(WidthProbe.rules(columns: [], assuming: rules) == rules)
  }
}
