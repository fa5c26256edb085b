// SPDX-License-Identifier: Apache-2.0

import Terminal

/// A terminal in a test: what a person does is written down, what the program shows is emulated.
final class ScriptedTerminal: TerminalConnection {
  /// One thing that happens while the program waits.
  enum Act {
    case type(String)
    case bytes([UInt8])
    /// The time to wait for the rest of a sequence is over.
    case pause
    case resize(width: Int, height: Int)
    case resume
    case stop
    /// The terminal answers what it was asked.
    case answer
    case fail(TerminalError)
  }

  private(set) var screen: ScreenEmulator
  /// The screen each time when the program waited.
  private(set) var screens: [ScreenEmulator] = []
  private(set) var modes: [TerminalMode] = []
  private(set) var written: [[UInt8]] = []
  private(set) var stopCount = 0
  /// How many writes still work; nil for all.
  var writesLeft: Int?
  private var acts: [Act]
  private var answeredCount = 0

  init(_ screen: ScreenEmulator, _ acts: [Act] = []) {
    self.screen = screen
    self.acts = acts
  }

  func perform(_ more: [Act]) { acts += more }

  var size: WindowSize { WindowSize(columns: screen.width, rows: screen.height) }

  func next(within limit: Duration?) throws(TerminalError) -> TerminalEvent {
    screens.append(screen)
    while true {
      guard !acts.isEmpty else { return .ended }
      switch acts.removeFirst() {
      case .type(let text): return .bytes(Array(text.utf8))
      case .bytes(let bytes): return .bytes(bytes)
      case .pause: if limit != nil { return .timedOut }
      case .resize(let width, let height):
        screen.resize(width: width, height: height)
        return .resized
      case .resume: return .resumed
      case .stop: return .stopRequested
      case .answer:
        let answer = Array(screen.answers[answeredCount...])
        answeredCount = screen.answers.count
        return .bytes(answer)
      case .fail(let error): throw error
      }
    }
  }

  func write(_ bytes: [UInt8]) throws(TerminalError) {
    if let left = writesLeft {
      guard left > 0 else { throw TerminalError(.closed) }
      writesLeft = left - 1
    }
    written.append(bytes)
    screen.write(bytes)
  }

  func setMode(_ mode: TerminalMode) throws(TerminalError) { modes.append(mode) }

  func stopProcess() { stopCount += 1 }
}

extension TerminalCapabilities {
  /// What a terminal of today can do.
  static let full = TerminalCapabilities(
    inputIsTerminal: true,
    outputIsTerminal: true,
    environment: { $0 == "TERM" ? "xterm-256color" : nil }
  )
}
