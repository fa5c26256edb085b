// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Terminal
import Testing

/// The terminal of a process: modes, signals, closed and slow outputs.
///
/// Method: a small program runs at a pseudo terminal, and the system is asked for its settings.
@Suite(.serialized, .enabled(if: TrialProgram.isBuilt, "needs TerminalTrial"))
struct TerminalDeviceTests {
  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGILL])
  func `a signal that ends the program leaves the terminal as it was`(_ signal: Int32) throws {
    let trial = try #require(TrialProcess(["hold"]))
    #expect(trial.waitForScreen { $0.lines == ["ready"] })
    #expect(!trial.isAsBefore)
    trial.send(signal)
    #expect(trial.waitForEnd() == -signal)
    #expect(trial.isAsBefore)
    #expect(String(decoding: trial.output, as: UTF8.self).hasSuffix("\u{1B}[?2004l\u{1B}[?25h"))
  }

  @Test func `a crash leaves the terminal as it was`() throws {
    let trial = try #require(TrialProcess(["crash"]))
    #expect(trial.waitForScreen { $0.lines == ["ready"] })
    trial.type("x")
    let end = try #require(trial.waitForEnd())
    #expect(end < 0)
    #expect(trial.isAsBefore)
  }

  @Test func `the end of the program does too`() throws {
    let trial = try #require(TrialProcess(["hold"]))
    #expect(trial.waitForScreen { $0.lines == ["ready"] })
    trial.type("x")
    #expect(trial.waitForEnd() == 0)
    #expect(trial.isAsBefore)
  }

  @Test func `a stopped program gives the terminal back, and takes it when it goes on`() throws {
    let trial = try #require(TrialProcess(["edit"]))
    #expect(trial.waitForScreen { $0.lines.first?.hasPrefix("you>") == true })
    trial.type("abc")
    #expect(trial.waitForScreen { $0.lines == ["you> abc"] })
    trial.type("\u{1A}")
    #expect(TrialProgram.wait { trial.state == "T" })
    #expect(trial.isAsBefore)
    trial.send(SIGCONT)
    #expect(trial.waitForScreen { $0.lines == ["you> abc", "you> abc"] })
    #expect(!trial.isAsBefore)
    trial.type("d\r")
    #expect(trial.waitForScreen { $0.lines.contains("entered: abcd") })
    trial.send(SIGSTOP)
    #expect(TrialProgram.wait { trial.state == "T" })
    trial.send(SIGCONT)
    trial.type("\u{4}")
    #expect(trial.waitForEnd() == 0)
    #expect(trial.isAsBefore)
  }

  @Test func `texts are edited at a real terminal`() throws {
    let trial = try #require(TrialProcess(["edit"], width: 20))
    #expect(trial.waitForScreen { $0.lines == ["you> type a message…"] })
    trial.type("नमस्ते 👩‍💻\u{1B}[D\u{1B}[Dx")
    #expect(trial.waitForScreen { $0.lines == ["you> नमस्तेx 👩‍💻"] })
    trial.type("\u{1B}[200~one\rtwo\u{1B}[201~")
    #expect(trial.waitForScreen { $0.lines == ["you> नमस्तेxone", "...> two 👩‍💻"] })
    trial.resize(width: 12, height: 20)
    #expect(trial.waitForScreen { $0.lines == ["you> नमस्तेxon", "e", "...> two 👩‍💻"] })
    trial.type("\r")
    // Before the next text is asked for the terminal is the system's, and a Ctrl-C would be too.
    #expect(
      trial.waitForScreen { screen in
        screen.lines.contains { $0.hasPrefix("entered") }
          && screen.lines.last?.hasPrefix("you>") ?? false
      }
    )
    trial.type("\u{3}\u{3}")
    #expect(trial.waitForEnd() == 0)
    #expect(trial.screen.lines.joined().contains("outcome: interrupted"))
    #expect(trial.screen.unknown.isEmpty)
  }

  @Test func `what is typed while the program is busy is entered when it asks`() throws {
    let trial = try #require(TrialProcess(["edit"]))
    #expect(trial.waitForScreen { $0.lines.first?.hasPrefix("you>") == true })
    trial.type("wait\r")
    #expect(trial.waitForScreen { $0.lines.contains("entered: wait") })
    trial.type("next\rlast")
    #expect(trial.waitForScreen { $0.lines.suffix(2) == ["entered: next", "you> last"] })
    trial.type("\r\u{4}")
    #expect(trial.waitForEnd() == 0)
    #expect(trial.screen.lines.contains("entered: last"))
  }

  @Test func `what is typed before the program takes the terminal is entered too`() throws {
    let trial = try #require(TrialProcess(["late"]))
    #expect(trial.waitForScreen { $0.lines.first == "starting" })
    trial.type("one\rtwo\r")
    #expect(trial.waitForScreen { $0.lines.contains("entered: two") })
    #expect(trial.screen.lines.contains("entered: one"))
    trial.type("\u{4}")
    #expect(trial.waitForEnd() == 0)
  }

  @Test func `a window that is closed ends the program`() throws {
    var trial = TrialProcess(["edit"])
    #expect(trial?.waitForScreen { $0.lines.first?.hasPrefix("you>") == true } == true)
    let identifier = try #require(trial?.identifier)
    trial?.send(SIGHUP)
    #expect(trial?.waitForEnd() == -SIGHUP)
    trial = nil
    #expect(kill(identifier, 0) != 0)
  }

  // MARK: Pipes

  private static func pipe() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(unsafe Glibc.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  @Test func `a closed pipe is an error, and no signal`() throws {
    let (reading, writing) = try Self.pipe()
    let device = TerminalDevice(input: reading, output: writing)
    try device.write(Array("a".utf8))
    close(reading)
    #expect(throws: TerminalError(.closed)) { try device.write(Array("b".utf8)) }
    close(writing)
  }

  @Test func `a reader that is slow is waited for, until the program is to stop`() throws {
    let (reading, writing) = try Self.pipe()
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let isStopped = Atomic(false)
    let device = TerminalDevice(input: reading, output: writing) {
      isStopped.load(ordering: .relaxed)
    }
    // More than a pipe holds; nobody reads.
    isStopped.store(true, ordering: .relaxed)
    #expect(throws: TerminalError(.interrupted)) {
      try device.write([UInt8](repeating: 0x61, count: 1 << 20))
    }
    #expect(try device.next(within: nil) == .stopRequested)
    isStopped.store(false, ordering: .relaxed)
    guard case .bytes = try device.next(within: nil) else {
      Issue.record("no bytes")
      return
    }
    close(writing)
    close(reading)
  }

  @Test func `an input ends, or lets wait`() throws {
    let (reading, writing) = try Self.pipe()
    let device = TerminalDevice(input: reading, output: writing)
    #expect(try device.next(within: .milliseconds(20)) == .timedOut)
    try device.setMode(.editing)
    close(writing)
    #expect(try device.next(within: nil) == .ended)
    #expect(device.size == .usual)
    close(reading)
  }
}
