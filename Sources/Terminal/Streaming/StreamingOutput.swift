// SPDX-License-Identifier: Apache-2.0

/// Writes an answer as it comes to wherever the output goes.
///
/// On a terminal it is broken into rows and made safe; a terminal without commands (`TERM=dumb`) gets
/// safe text; a pipe or a file gets every byte as it is.
public struct StreamingOutput {
  private let connection: any TerminalConnection
  private let capabilities: TerminalCapabilities
  private var text: StreamingText
  private var styler = MarkdownStyler()
  private var size: WindowSize
  private var isAtLineStart = true

  /// Creates an output at the beginning of a line.
  public init(
    connection: any TerminalConnection,
    capabilities: TerminalCapabilities,
    displayWidth: DisplayWidth
  ) {
    self.connection = connection
    self.capabilities = capabilities
    size = connection.size
    text = StreamingText(
      width: size.columns,
      displayWidth: displayWidth,
      hasColor: capabilities.hasColor
    )
  }

  /// How many columns stay free at the left of the rows that begin from now on.
  public var indent: Int {
    get { text.indent }
    set { text.indent = newValue }
  }

  /// Writes text.
  ///
  /// - Parameters:
  ///   - new: The next piece, however small.
  ///   - style: How it looks.
  ///   - isMarkdown: Whether headings, bold text and code get a look of their own.
  /// - Throws: `TerminalError` where the output fails or is closed.
  public mutating func append(
    _ new: String,
    style: TextStyle = .plain,
    isMarkdown: Bool = false
  ) throws(TerminalError) {
    guard !new.isEmpty else { return }
    guard capabilities.hasCommands else { return try appendPlain(new) }
    var output: [UInt8] = []
    adapt(&output)
    if isMarkdown {
      for piece in styler.append(new, base: style) {
        text.append(piece.text, style: piece.style, isCode: piece.isCode, into: &output)
      }
    } else {
      finishMarkdown(style, &output)
      text.append(new, style: style, into: &output)
    }
    if !output.isEmpty { try connection.write(output) }
  }

  /// Ends the text with a line break where it has none, and with the terminal's own look.
  ///
  /// - Throws: `TerminalError` where the output fails or is closed.
  public mutating func finish() throws(TerminalError) {
    guard capabilities.hasCommands else {
      if !isAtLineStart { try connection.write([0x0A]) }
      isAtLineStart = true
      return
    }
    var output: [UInt8] = []
    adapt(&output)
    finishMarkdown(.plain, &output)
    text.finish(into: &output)
    if !output.isEmpty { try connection.write(output) }
  }

  private mutating func appendPlain(_ new: String) throws(TerminalError) {
    let safe = capabilities.outputIsTerminal ? text.displayWidth.safe(new) : new
    if let last = safe.utf8.last { isAtLineStart = last == 0x0A }
    try connection.write(Array(safe.utf8))
  }

  private mutating func finishMarkdown(_ style: TextStyle, _ output: inout [UInt8]) {
    for piece in styler.finish(base: style) {
      text.append(piece.text, style: piece.style, isCode: piece.isCode, into: &output)
    }
  }

  private mutating func adapt(_ output: inout [UInt8]) {
    let newSize = connection.size
    guard newSize != size else { return }
    size = newSize
    text.resize(to: newSize, reflows: capabilities.reflows, into: &output)
  }
}
