// SPDX-License-Identifier: Apache-2.0

import Foundation
import Terminal
import Testing

/// Reading a text from a terminal: keys, modes, signals and failures together.
@Suite struct LineReaderTests {
  private static func reader(
    _ terminal: ScriptedTerminal,
    _ settings: LineEditor.Settings = .init(),
    capabilities: TerminalCapabilities = .full,
    historyFile: HistoryFile? = nil
  ) -> LineReader {
    LineReader(
      connection: terminal,
      capabilities: capabilities,
      settings: settings,
      historyFile: historyFile
    )
  }

  @Test func `a text is read, and stays on the screen`() throws {
    let terminal = ScriptedTerminal(ScreenEmulator(width: 40), [.type("hel"), .type("lo\r")])
    var reader = Self.reader(terminal)
    #expect(try reader.readLine() == .line("hello"))
    #expect(terminal.screen.lines == ["> hello"])
    #expect((terminal.screen.row, terminal.screen.column) == (1, 0))
    #expect(terminal.modes == [.editing, .watching])
    #expect(terminal.screens[0].modes == [25, 2004])
    #expect(terminal.screen.modes == [7, 25])
  }

  @Test func `what is typed ahead is the next text`() throws {
    let terminal = ScriptedTerminal(
      ScreenEmulator(width: 40),
      [.type("one\rtwo\rthr"), .type("ee\r")]
    )
    var reader = Self.reader(terminal)
    #expect(try reader.readLine() == .line("one"))
    #expect(try reader.readLine() == .line("two"))
    #expect(try reader.readLine() == .line("three"))
    #expect(terminal.screen.lines == ["> one", "> two", "> three"])
  }

  @Test func `an answer to a question of the program can stay out of the history`() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("hadal-history-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(at: url) }
    let file = HistoryFile(path: url.path)
    let terminal = ScriptedTerminal(ScreenEmulator(width: 40), [.type("one\r2\rthree\r")])
    var reader = Self.reader(terminal, historyFile: file)
    _ = try reader.readLine()
    reader.editor.settings.keepsHistory = false
    #expect(try reader.readLine() == .line("2"))
    reader.editor.settings.keepsHistory = true
    _ = try reader.readLine()
    #expect(reader.editor.history.entries == ["one", "three"])
    #expect(try file.load().entries == ["one", "three"])
  }

  @Test func `a text can begin with what is given`() throws {
    let terminal = ScriptedTerminal(ScreenEmulator(width: 40), [.type("!\r")])
    var reader = Self.reader(terminal)
    #expect(try reader.readLine(beginningWith: "old") == .line("old!"))
  }

  @Test func `it ends in every way that a person or a system has`() throws {
    let ways: [([ScriptedTerminal.Act], LineReader.Outcome)] = [
      ([.type("\u{4}")], .ended), ([], .ended), ([.type("a\u{3}\u{3}\u{3}")], .interrupted),
      ([.type("abc"), .stop], .stopped),
    ]
    for (acts, outcome) in ways {
      let terminal = ScriptedTerminal(ScreenEmulator(width: 40), acts)
      var reader = Self.reader(terminal)
      #expect(try reader.readLine() == outcome)
      #expect(terminal.screen.modes == [7, 25] && terminal.screen.column == 0)
      #expect(terminal.modes.last == .watching)
    }
  }

  @Test func `a terminal that goes away is an error, or the end`() throws {
    for count in 0..<4 {
      let terminal = ScriptedTerminal(
        ScreenEmulator(width: 40),
        [.type("a"), .type("b"), .type("\r")]
      )
      terminal.writesLeft = count
      var reader = Self.reader(terminal)
      #expect(throws: TerminalError(.closed)) { _ = try reader.readLine() }
      #expect(terminal.modes.last == .watching)
    }
    let gone = ScriptedTerminal(ScreenEmulator(width: 40), [.type("a")])
    gone.writesLeft = 3
    var reader = Self.reader(gone)
    #expect(try reader.readLine() == .ended)
    let failing = ScriptedTerminal(
      ScreenEmulator(width: 40),
      [.fail(TerminalError(.cannotRead(errno: 5)))]
    )
    reader = Self.reader(failing)
    #expect(throws: TerminalError(.cannotRead(errno: 5))) { _ = try reader.readLine() }
  }

  @Test func `a new size is taken while the text is edited`() throws {
    let text = String(repeating: "word ", count: 12)
    let terminal = ScriptedTerminal(
      ScreenEmulator(width: 40),
      [.type(text), .resize(width: 20, height: 10), .resize(width: 120, height: 24), .type("x\r")]
    )
    terminal.perform([])
    var reader = Self.reader(terminal)
    #expect(try reader.readLine() == .line(text + "x"))
    #expect(terminal.screens[1].lines.count == 2)
    #expect(terminal.screens[2].lines.count == 4)
    #expect(terminal.screens[3].lines == ["> " + text.dropLast()])
  }

  @Test func `Control-L clears, Control-Z stops, and both show the text again`() throws {
    let terminal = ScriptedTerminal(
      ScreenEmulator(width: 40),
      [.type("ab"), .type("\u{C}"), .type("\u{1A}"), .resume, .type("c\r")]
    )
    var reader = Self.reader(terminal)
    #expect(try reader.readLine() == .line("abc"))
    #expect(terminal.screens[2].lines == ["> ab"] && terminal.screens[2].row == 0)
    #expect(terminal.stopCount == 1)
    #expect(terminal.screens[3].lines == ["> ab", "> ab"])
    #expect(terminal.screens[4].modes == [25, 2004])
    #expect(terminal.screen.lines == ["> ab", "> abc"])
  }

  @Test func `an escape waits for what may follow it`() throws {
    let terminal = ScriptedTerminal(
      ScreenEmulator(width: 40),
      [.type("ab\u{1B}"), .pause, .type("[D"), .type("\u{1B}"), .type("[Dx\r")]
    )
    var reader = Self.reader(terminal)
    // Once it was the key Escape and a text, once the arrow to the left.
    #expect(try reader.readLine() == .line("ab[xD"))
  }

  @Test func `a refused key rings the bell`() throws {
    let terminal = ScriptedTerminal(ScreenEmulator(width: 40), [.type("\u{7F}\u{1B}[B\r")])
    var reader = Self.reader(terminal)
    #expect(try reader.readLine() == .line(""))
    #expect(terminal.screen.bellCount == 2)
  }

  @Test func `what is entered is kept in a file, and found again`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hadal-history-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = HistoryFile(path: folder.appendingPathComponent("history").path)
    let first = ScriptedTerminal(ScreenEmulator(width: 40), [.type("one\r\u{1B}[A\n2\r")])
    var reader = Self.reader(first, historyFile: file)
    #expect(try reader.readLine() == .line("one"))
    #expect(try reader.readLine() == .line("one\n2"))
    let second = ScriptedTerminal(ScreenEmulator(width: 40), [.type("\u{10}\u{10}\r\u{10}\r")])
    reader = Self.reader(second, historyFile: file)
    #expect(try reader.readLine() == .line("one"))
    #expect(reader.historyError == nil)
    reader = Self.reader(second, historyFile: HistoryFile(path: folder.path))
    #expect(reader.historyError?.reason == .historyNotAFile)
  }

  @Test func `the terminal is asked how it counts, once it is known that it answers`() throws {
    for rules in [WidthRules.scalars, .tmux, .clusters] {
      let terminal = ScriptedTerminal(ScreenEmulator(width: 40, rules: rules), [.answer])
      var reader = Self.reader(terminal)
      try reader.measureCharacters()
      #expect(reader.editor.displayWidth.rules == rules)
      #expect(terminal.screen.lines.isEmpty)
    }
    let silent = ScriptedTerminal(ScreenEmulator(width: 40), [.type("typed"), .pause, .type("\r")])
    var reader = Self.reader(silent)
    try reader.measureCharacters()
    #expect(reader.editor.displayWidth.rules == .scalars)
    #expect(try reader.readLine() == .line("typed"))
  }

  // MARK: Without an editor

  private static let pipe = TerminalCapabilities(
    inputIsTerminal: false,
    outputIsTerminal: false,
    environment: { _ in nil }
  )

  @Test func `from a pipe lines are read, and nothing is written`() throws {
    let terminal = ScriptedTerminal(
      ScreenEmulator(width: 40),
      [
        .type("one\ntw"), .type("o\r\n\n\"\"\"\na\nb\n\"\"\"\nc\\\nd\n"), .bytes([0xFF, 0x0A]),
        .type("end"),
      ]
    )
    var reader = Self.reader(terminal, capabilities: Self.pipe)
    var lines: [String] = []
    while case .line(let line) = try reader.readLine() { lines.append(line) }
    #expect(lines == ["one", "two", "", "a\nb", "c\nd", "\u{FFFD}", "end"])
    #expect(terminal.written.isEmpty && terminal.modes.isEmpty)
    #expect(try reader.readLine() == .ended)
  }

  @Test func `a dumb terminal gets a prompt and no commands`() throws {
    let dumb = TerminalCapabilities(
      inputIsTerminal: true,
      outputIsTerminal: true,
      environment: { $0 == "TERM" ? "dumb" : nil }
    )
    let terminal = ScriptedTerminal(
      ScreenEmulator(width: 40),
      [.type("a\\\n"), .type("b\n"), .stop]
    )
    var reader = Self.reader(terminal, .init(prompt: "you\u{1B}> "), capabilities: dumb)
    #expect(try reader.readLine() == .line("a\nb"))
    #expect(terminal.written == [Array("you^[> ".utf8), Array("  ".utf8)])
    #expect(try reader.readLine() == .stopped)
  }
}
