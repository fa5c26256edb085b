// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Terminal
import TestSupport

/// The program of `Tests/TerminalTrial`, built with the tests.
enum TrialProgram {
  static var url: URL {
    HadalProcess.executable.deletingLastPathComponent().appendingPathComponent("TerminalTrial")
  }

  static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: url.path) }

  /// Waits until something is so; false where it is not within half a minute.
  static func wait(until isSo: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<1500 {
      if try isSo() { return true }
      usleep(20_000)
    }
    return try isSo()
  }
}

/// The program at a pseudo terminal, whose other side the test holds.
final class TrialProcess {
  private let process = Process()
  private let master: Int32
  private let slave: Int32
  private(set) var output: [UInt8] = []
  private(set) var screen: ScreenEmulator

  /// Starts the program.
  init?(_ arguments: [String], width: Int = 40, height: Int = 24) {
    var size = winsize()
    (size.ws_col, size.ws_row) = (UInt16(width), UInt16(height))
    var (master, slave): (Int32, Int32) = (-1, -1)
    guard unsafe openpty(&master, &slave, nil, nil, &size) == 0 else { return nil }
    (self.master, self.slave) = (master, slave)
    screen = ScreenEmulator(width: width, height: height, rules: .tmux)
    for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    process.executableURL = TrialProgram.url
    process.arguments = arguments
    process.environment = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8",
      // Swift's own report of a crash would wait for a person.
      "SWIFT_BACKTRACE": "enable=no",
      // A sanitizer would turn the signals into exit codes of its own.
      "ASAN_OPTIONS": "detect_leaks=0:handle_segv=0:handle_sigill=0:handle_abort=0",
    ]
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(master)
    close(slave)
  }

  var identifier: Int32 { process.processIdentifier }

  var isRunning: Bool { process.isRunning }

  /// The settings of the terminal as they are.
  var settings: termios {
    var settings = termios()
    unsafe tcgetattr(slave, &settings)
    return settings
  }

  /// Whether lines and echo are the system's, as a shell expects it.
  var isAsBefore: Bool {
    let needed = tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    return settings.c_lflag & needed == needed && settings.c_iflag & tcflag_t(ICRNL | IXON) != 0
  }

  /// The letter of the process's state.
  var state: Character? {
    let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)
    return text?.split(separator: ")").last?.dropFirst().first
  }

  func type(_ text: String) {
    _ = unsafe write(master, Array(text.utf8), text.utf8.count)
  }

  func resize(width: Int, height: Int) {
    read()
    screen.resize(width: width, height: height)
    var size = winsize()
    (size.ws_col, size.ws_row) = (UInt16(width), UInt16(height))
    _ = unsafe ioctl(master, UInt(TIOCSWINSZ), &size)
    // It is nobody's controlling terminal, so the system tells nobody.
    kill(identifier, SIGWINCH)
  }

  func send(_ signal: Int32) { kill(identifier, signal) }

  /// Reads what the program wrote, and answers where it asks for the cursor.
  func read() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe Glibc.read(master, &chunk, chunk.count)
      guard count > 0 else { return }
      output += chunk[..<count]
      let answered = screen.answers.count
      screen.write(chunk[..<count])
      let answers = Array(screen.answers[answered...])
      if !answers.isEmpty { _ = unsafe write(master, answers, answers.count) }
    }
  }

  /// Waits until the screen is as it should be.
  func waitForScreen(_ isSo: (ScreenEmulator) -> Bool) -> Bool {
    TrialProgram.wait {
      read()
      return isSo(screen)
    }
  }

  /// Waits for the end: the exit code, or the signal's number less than 0.
  func waitForEnd() -> Int32? {
    guard TrialProgram.wait(until: { !process.isRunning }) else { return nil }
    read()
    let isSignal = process.terminationReason == .uncaughtSignal
    return isSignal ? -process.terminationStatus : process.terminationStatus
  }
}
