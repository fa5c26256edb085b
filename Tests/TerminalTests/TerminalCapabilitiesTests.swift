// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Terminal
import Testing

/// What the environment tells about a terminal.
@Suite struct TerminalCapabilitiesTests {
  private static func capabilities(
    _ variables: [String: String],
    input: Bool = true,
    output: Bool = true
  ) -> TerminalCapabilities {
    TerminalCapabilities(inputIsTerminal: input, outputIsTerminal: output) { variables[$0] }
  }

  @Test func `a terminal of today can do all`() {
    let found = Self.capabilities(["TERM": "xterm-256color"])
    #expect(found.canEdit && found.hasColor && found.reflows && found.hasBlockCharacters)
  }

  @Test func `without a terminal there are no commands`() {
    #expect(!Self.capabilities(["TERM": "xterm"], output: false).hasCommands)
    #expect(!Self.capabilities(["TERM": "xterm"], input: false).canEdit)
    #expect(Self.capabilities(["TERM": "xterm"], input: false).hasColor)
    for name in ["dumb", "", "unknown"] {
      let found = Self.capabilities(["TERM": name])
      #expect(!found.canEdit && !found.hasColor && !found.hasCommands)
    }
    #expect(!Self.capabilities([:]).canEdit)
  }

  @Test func `NO_COLOR takes the color and leaves the editor`() {
    #expect(!Self.capabilities(["TERM": "xterm", "NO_COLOR": "1"]).hasColor)
    #expect(Self.capabilities(["TERM": "xterm", "NO_COLOR": "1"]).canEdit)
    #expect(Self.capabilities(["TERM": "xterm", "NO_COLOR": ""]).hasColor)
  }

  @Test func `the console, xterm itself and other character sets are known`() {
    let console = Self.capabilities(["TERM": "linux"])
    #expect(!console.reflows && !console.hasBlockCharacters && console.canEdit)
    #expect(!Self.capabilities(["TERM": "xterm", "XTERM_VERSION": "XTerm(379)"]).reflows)
    #expect(Self.capabilities(["TERM": "screen", "XTERM_VERSION": "x", "TMUX": "/t"]).reflows)
    #expect(!Self.capabilities(["TERM": "xterm", "LANG": "de_DE.ISO-8859-1"]).hasBlockCharacters)
    #expect(Self.capabilities(["TERM": "xterm", "LANG": "C"]).hasBlockCharacters)
    let both = ["TERM": "xterm", "LANG": "de_DE.ISO-8859-1", "LC_ALL": "C.UTF-8"]
    #expect(Self.capabilities(both).hasBlockCharacters)
  }

  @Test(arguments: [
    (TerminalError(.closed), "the terminal or pipe was closed", 74),
    (TerminalError(.interrupted), "interrupted while waiting for the terminal", 130),
    (
      TerminalError(.historyUnwritable(errno: 13), place: "/h"),
      "the history cannot be written: Permission denied (/h)", 77
    ),
    (
      TerminalError(.historyLocked, place: "/h"), "another process keeps the history locked (/h)",
      75
    ),
  ])
  func `errors say what, where and how the program ends`(
    _ error: TerminalError,
    _ text: String,
    _ code: Int32
  ) {
    #expect("\(error)" == text)
    #expect(error.exitCode.rawValue == code)
  }
}
