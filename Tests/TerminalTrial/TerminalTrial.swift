// SPDX-License-Identifier: Apache-2.0

import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that shows what the terminal library does, for tests and for trying it by hand.
///
///     TerminalTrial edit [HISTORY]     reads texts and says what was entered; "wait" keeps it busy
///     TerminalTrial late               the same, but begins a while later
///     TerminalTrial stream PIECES      writes an answer in pieces of so many scalars
///     TerminalTrial hold | crash       takes the terminal, waits for a key, and ends or crashes
///     TerminalTrial bars               shows three bars that grow
@main
struct TerminalTrial {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let device = TerminalDevice()
    let capabilities = TerminalCapabilities(input: STDIN_FILENO, output: STDOUT_FILENO)
    switch arguments.first {
    case "stream":
      let size = arguments.dropFirst().first.flatMap { Int($0) } ?? 3
      try stream(device, capabilities, pieceSize: size)
    case "hold", "crash":
      try device.setMode(.editing)
      // A second one, as a program may have by mistake, takes nothing from the first.
      _ = TerminalDevice()
      try device.write(Array("ready\r\n".utf8))
      _ = try device.next(within: .seconds(60))
      if arguments.first == "crash" { fatalError("as asked") }
    case "bars": try bars(device, capabilities)
    case "late":
      try device.write(Array("starting\r\n".utf8))
      usleep(pause)
      try edit(device, capabilities, history: nil)
    default: try edit(device, capabilities, history: arguments.dropFirst().first)
    }
    exit(0)
  }

  /// Microseconds in which a test types.
  private static let pause: UInt32 = 500_000

  private static func edit(
    _ device: TerminalDevice,
    _ capabilities: TerminalCapabilities,
    history: String?
  ) throws {
    let names = ["/clear", "/edit", "/help", "/save", "/set", "/system"]
    let settings = LineEditor.Settings(
      prompt: "you> ",
      continuationPrompt: "...> ",
      complete: { text in
        guard text.hasPrefix("/") else { return nil }
        return Completion(of: text, from: names.map { .init($0, note: "does \($0.dropFirst())") })
      },
      hint: { $0.isEmpty ? "type a message, or /help" : nil }
    )
    var reader = LineReader(
      connection: device,
      capabilities: capabilities,
      settings: settings,
      historyFile: history.map { HistoryFile(path: $0) }
    )
    try reader.measureCharacters()
    while true {
      let outcome = try reader.readLine()
      guard case .line(let text) = outcome else {
        try device.write(Array("outcome: \(outcome)\r\n".utf8))
        return
      }
      let shown = text.split(separator: "\n", omittingEmptySubsequences: false).joined(
        separator: "|"
      )
      try device.write(Array("entered: \(reader.editor.displayWidth.safe(shown))\r\n".utf8))
      if text == "wait" { usleep(pause) }
    }
  }

  /// An answer with all that makes trouble.
  private static let answer = """
    # An answer

    The quick brown fox jumps over the **lazy dog**, and नमस्ते दुनिया क्षत्रिय meets 你好，世界。これは\
    「テスト」です with 👩‍💻, ❤\u{FE0F}, 🇩🇪 and 👍🏽; then שלום עולם, `let x = 1`, and e\u{301}e\u{302}. \
    Last \u{1B}[31mnot red\u{1B}[0m.

    ```swift
    func aRatherLongName(of value: Int, and other: Int) -> Int { value + other }
    ```
    - done
    """

  private static func stream(
    _ device: TerminalDevice,
    _ capabilities: TerminalCapabilities,
    pieceSize: Int
  ) throws {
    try device.setMode(.watching)
    var reader = LineReader(connection: device, capabilities: capabilities)
    try reader.measureCharacters()
    var output = StreamingOutput(
      connection: device,
      capabilities: capabilities,
      displayWidth: reader.editor.displayWidth
    )
    output.indent = 2
    try output.append(
      "First I think about it, at some length, so that rows are broken.\n",
      style: .dim
    )
    output.indent = 0
    let scalars = Array(answer.unicodeScalars)
    for start in stride(from: 0, to: scalars.count, by: max(pieceSize, 1)) {
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: scalars[start..<min(start + pieceSize, scalars.count)])
      try output.append(String(piece), isMarkdown: true)
      usleep(2000)
    }
    try output.finish()
    try device.write(Array("finished\r\n".utf8))
    _ = try device.next(within: .seconds(60))
    try device.setMode(.original)
  }

  private static func bars(
    _ device: TerminalDevice,
    _ capabilities: TerminalCapabilities
  ) throws {
    var painter = ScreenPainter(hasColor: capabilities.hasColor)
    var meter = RateMeter()
    for step in 0...20 {
      meter.note(step * 50_000_000, at: .milliseconds(step * 50))
      let rows = (1...3).map { number in
        ProgressBar(
          label: "model-0000\(number)-of-00003.safetensors",
          total: 1_000_000_000 * number,
          done: step * 50_000_000,
          perSecond: meter.perSecond
        ).row(width: device.size.columns, hasBlockCharacters: capabilities.hasBlockCharacters)
      }
      var output: [UInt8] = []
      painter.paint(rows, cursor: ScreenPosition(row: 2, column: 0), into: &output)
      if step == 20 { painter.finish(rows, into: &output) }
      try device.write(output)
      usleep(10_000)
    }
  }
}
