// SPDX-License-Identifier: Apache-2.0

import Terminal

/// What a conversation looks like: on a terminal with reasoning, notes and figures; in a pipe answers
/// alone.
final class ChatScreen {
  private let connection: any TerminalConnection
  private let capabilities: TerminalCapabilities
  private let displayWidth: DisplayWidth
  private var output: StreamingOutput?
  private var isThinking = false
  private var hasProgress = false

  init(
    _ connection: any TerminalConnection,
    _ capabilities: TerminalCapabilities,
    _ displayWidth: DisplayWidth
  ) {
    self.connection = connection
    self.capabilities = capabilities
    self.displayWidth = displayWidth
  }

  /// How many columns there are.
  var width: Int { isWatched ? connection.size.columns : .max }

  /// Whether a person looks.
  var isWatched: Bool { capabilities.outputIsTerminal }

  private static let thinkingIndent = 2

  /// Shows more of the reasoning, faint and moved in; a pipe gets answers alone.
  func reasoning(_ text: String) throws {
    guard isWatched else { return }
    if !isThinking {
      isThinking = true
      try write("Thinking…\n", .dim)
      changeIndent(Self.thinkingIndent)
    }
    try write(text, .dim)
  }

  /// Says how long the reasoning took.
  func endReasoning(seconds: Double) throws {
    guard isWatched else { return }
    if isThinking {
      try endLine()
      changeIndent(0)
      isThinking = false
    }
    try write("Thought for \(Self.text(seconds: seconds)).\n\n", .dim)
  }

  /// Shows more of the answer.
  func answer(_ text: String) throws { try write(text, .plain, isMarkdown: true) }

  /// Says something of the program's own, apart from the answer; a pipe does not hear it.
  func note(_ text: String) throws {
    guard isWatched else { return }
    try endLine()
    changeIndent(0)
    try write(text + "\n", .dim)
    try endLine()
  }

  /// Shows what a command asked for, to people and pipes alike.
  func result(_ text: String, indent: Int = 0) throws {
    try endLine()
    if isWatched { changeIndent(indent) }
    try write(text + "\n", .plain)
    try endLine()
  }

  /// Ends an answer: the next thing stands at the beginning of a line.
  func endAnswer() throws {
    try endLine()
    isThinking = false
  }

  /// Leaves a line free, for people alone.
  func space() throws {
    guard isWatched else { return }
    try endLine()
    try connection.write([0x0A])
  }

  /// Says how much of a long prompt has been read, on a line that goes again.
  func progress(_ done: Int, of total: Int) throws {
    guard isWatched, capabilities.hasCommands, output == nil else { return }
    hasProgress = true
    let text = "Reading \(done) of \(total) tokens…"
    try connection.write(Array("\r\(text)\u{1B}[K".utf8))
  }

  private func write(_ text: String, _ style: TextStyle, isMarkdown: Bool = false) throws {
    if hasProgress {
      hasProgress = false
      try connection.write(Array("\r\u{1B}[K".utf8))
    }
    var output = makeOutput()
    try output.append(text, style: style, isMarkdown: isMarkdown && isWatched)
    self.output = output
  }

  private func endLine() throws {
    if hasProgress {
      hasProgress = false
      try connection.write(Array("\r\u{1B}[K".utf8))
    }
    guard var output else { return }
    try output.finish()
    self.output = nil
  }

  private func changeIndent(_ count: Int) {
    var output = makeOutput()
    output.indent = count
    self.output = output
  }

  private func makeOutput() -> StreamingOutput {
    output
      ?? StreamingOutput(
        connection: connection,
        capabilities: capabilities,
        displayWidth: displayWidth
      )
  }

  /// Seconds as a person reads them.
  static func text(seconds: Double) -> String {
    if seconds < 60 { return "\(rounded(seconds)) s" }
    let whole = Int(seconds.rounded())
    return "\(whole / 60) min \(whole % 60) s"
  }

  /// A number with one digit behind the point, a large one without.
  static func rounded(_ value: Double) -> String {
    value < 100 ? "\((value * 10).rounded() / 10)" : String(Int(value.rounded()))
  }
}
