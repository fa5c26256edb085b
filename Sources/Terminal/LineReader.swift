// SPDX-License-Identifier: Apache-2.0

/// Reads texts that a person writes, with an editor where there is a terminal, else line by line.
public struct LineReader {
  /// How reading ended.
  public enum Outcome: Hashable, Sendable {
    /// A text was entered.
    case line(String)
    /// Control-C on an empty line, twice.
    case interrupted
    /// Control-D on an empty line, or the end of the input.
    case ended
    /// The program was asked to stop.
    case stopped
  }

  /// The editor: its settings, its history and what is known of the terminal's characters.
  public var editor: LineEditor
  /// What the terminal can do.
  public let capabilities: TerminalCapabilities
  /// Why an entry could not be added to the history's file; nil where all were.
  public private(set) var historyError: TerminalError?

  private let connection: any TerminalConnection
  private let historyFile: HistoryFile?
  private var decoder = KeyDecoder()
  private var keys: [Key] = []
  private var painter: ScreenPainter
  private var firstRow = 0
  private var size: WindowSize
  private var plainLines = PlainLines()

  /// Creates a reader.
  ///
  /// - Parameters:
  ///   - connection: Where keys come from and the screen is.
  ///   - capabilities: What they can do.
  ///   - settings: How the editor behaves.
  ///   - historyFile: Where what is entered is kept; read at once.
  public init(
    connection: any TerminalConnection,
    capabilities: TerminalCapabilities,
    settings: LineEditor.Settings = .init(),
    historyFile: HistoryFile? = nil
  ) {
    self.connection = connection
    self.capabilities = capabilities
    self.historyFile = historyFile
    size = connection.size
    painter = ScreenPainter(hasColor: capabilities.hasColor)
    var history = History()
    do throws(TerminalError) {
      history = try historyFile?.load() ?? history
    } catch {
      historyError = error
    }
    editor = LineEditor(
      settings: settings,
      history: history,
      displayWidth: DisplayWidth(rules: capabilities.widthRules),
      width: size.columns
    )
  }

  /// Reads one text; the terminal is in the mode `watching` afterwards, so that what is typed during
  /// an answer waits for the next call.
  ///
  /// The cursor stands at the left edge when it begins and when it returns.
  ///
  /// - Parameter text: What is there to begin with.
  /// - Throws: `TerminalError` where the terminal fails.
  /// - Returns: The text, or how reading ended.
  public mutating func readLine(beginningWith text: String = "") throws(TerminalError) -> Outcome {
    guard capabilities.canEdit else { return try readPlainLine() }
    editor.begin(text)
    firstRow = 0
    painter.forget()
    try connection.setMode(.editing)
    let outcome: Outcome
    do throws(TerminalError) {
      try write { $0.append(text: ScreenModes.editing) }
      outcome = try edit()
    } catch {
      // The first error counts; a terminal that is gone needs no mode.
      try? connection.setMode(.watching)
      throw error
    }
    do throws(TerminalError) {
      try leaveScreen()
    } catch {
      // The input ended because the terminal is gone: that is no failure.
      guard outcome == .ended else { throw error }
    }
    try connection.setMode(.watching)
    return outcome
  }

  /// Finds out how the terminal counts the columns of characters that terminals disagree about.
  ///
  /// The cursor stands at the left edge of an empty row. A terminal that does not answer costs a
  /// quarter of a second and changes nothing. What is typed meanwhile is kept.
  ///
  /// - Throws: `TerminalError` where the terminal fails.
  public mutating func measureCharacters() throws(TerminalError) {
    guard capabilities.canEdit else { return }
    try connection.setMode(.editing)
    decoder.expectsReports = true
    defer { decoder.expectsReports = false }
    try connection.write(WidthProbe.request(hasColor: capabilities.hasColor))
    var columns: [Int] = []
    while columns.count < WidthProbe.answerCount {
      guard case .bytes(let bytes) = try connection.next(within: .milliseconds(250)) else { break }
      for key in decoder.decode(bytes) {
        if case .cursorReport(_, let column) = key.symbol {
          columns.append(column)
        } else {
          keys.append(key)
        }
      }
    }
    editor.displayWidth.rules = WidthProbe.rules(
      columns: columns,
      assuming: capabilities.widthRules
    )
    try connection.setMode(.watching)
  }

  // MARK: Editing

  private mutating func edit() throws(TerminalError) -> Outcome {
    while true {
      while !keys.isEmpty {
        if let outcome = try react(to: keys.removeFirst()) { return outcome }
      }
      try show()
      switch try connection.next(within: decoder.patience) {
      case .bytes(let bytes): keys += decoder.decode(bytes)
      case .timedOut: keys += decoder.timeOut()
      case .resized: continue
      case .resumed: try takeScreenAgain()
      case .ended: return .ended
      case .stopRequested: return .stopped
      }
    }
  }

  private mutating func react(to key: Key) throws(TerminalError) -> Outcome? {
    switch editor.handle(key) {
    case .edited: return nil
    case .refused: try write { $0.append(0x07) }
    case .submitted(let text):
      keep(editor.text)
      return .line(text)
    case .interrupted: return .interrupted
    case .ended: return .ended
    case .suspended: try suspend()
    case .screenCleared:
      painter.forget()
      try write { $0.append(text: ScreenModes.clearedScreen) }
    }
    return nil
  }

  /// Shows the text as it is, after the size of the window where that has changed.
  private mutating func show() throws(TerminalError) {
    let newSize = connection.size
    let isResized = newSize != size
    var output: [UInt8] = []
    if isResized {
      output.append(text: ScreenModes.atOnce.begin)
      if newSize.columns != size.columns {
        painter.resize(width: newSize.columns, reflows: capabilities.reflows, into: &output)
      }
      size = newSize
      editor.width = newSize.columns
    }
    let view = editor.view(height: size.rows, firstRow: firstRow)
    firstRow = view.firstRow
    painter.paint(view.rows, cursor: view.cursor, into: &output)
    if isResized { output.append(text: ScreenModes.atOnce.end) }
    if !output.isEmpty { try connection.write(output) }
  }

  /// Leaves the whole text on the screen, with the cursor below it.
  private mutating func leaveScreen() throws(TerminalError) {
    var output: [UInt8] = []
    painter.finish(editor.finalRows, into: &output)
    output.append(text: ScreenModes.reading)
    try connection.write(output)
  }

  private mutating func suspend() throws(TerminalError) {
    try leaveScreen()
    connection.stopProcess()
    try takeScreenAgain()
  }

  private mutating func takeScreenAgain() throws(TerminalError) {
    painter.forget()
    try write { output in
      output.moveToColumn(0)
      output.eraseToEndOfScreen()
      output.append(text: ScreenModes.editing)
    }
  }

  private mutating func keep(_ entry: String) {
    guard editor.settings.keepsHistory else { return }
    do throws(TerminalError) {
      try historyFile?.append(entry)
    } catch {
      historyError = error
    }
  }

  private func write(_ body: (inout [UInt8]) -> Void) throws(TerminalError) {
    var output: [UInt8] = []
    body(&output)
    try connection.write(output)
  }

  // MARK: Without an editor

  private mutating func readPlainLine() throws(TerminalError) -> Outcome {
    let hasPrompt = capabilities.inputIsTerminal && capabilities.outputIsTerminal
    var text = ""
    var prompt = editor.settings.prompt
    while true {
      if hasPrompt { try connection.write(Array(editor.displayWidth.safe(prompt).utf8)) }
      guard let line = try nextPlainLine() else { return text.isEmpty ? .ended : .line(text) }
      guard !line.isStop else { return .stopped }
      text += line.text
      if let continued = PlainLines.continuation(of: text, settings: editor.settings) {
        text = continued
        prompt = editor.settings.continuationPrompt
        continue
      }
      return .line(editor.settings.hasQuotedBlocks ? QuotedBlock.content(of: text) : text)
    }
  }

  /// The next line of the input; nil at its end.
  private mutating func nextPlainLine() throws(TerminalError) -> (text: String, isStop: Bool)? {
    while true {
      if let line = plainLines.next() { return (line, false) }
      switch try connection.next(within: nil) {
      case .bytes(let bytes): plainLines.add(bytes)
      case .ended: return plainLines.rest().map { ($0, false) }
      case .stopRequested: return ("", true)
      case .timedOut, .resized, .resumed: continue
      }
    }
  }
}
