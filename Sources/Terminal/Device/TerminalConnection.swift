// SPDX-License-Identifier: Apache-2.0

/// What a terminal tells the program.
public enum TerminalEvent: Hashable, Sendable {
  /// Somebody typed, or the terminal answered.
  case bytes([UInt8])
  /// Nothing came in the time that was given.
  case timedOut
  /// The window has another size.
  case resized
  /// The program was stopped and goes on; the screen may hold anything.
  case resumed
  /// There will be no more input.
  case ended
  /// The program was asked to stop.
  case stopRequested
}

/// A terminal, or what stands for one in a test.
public protocol TerminalConnection: AnyObject {
  /// The size of its window.
  var size: WindowSize { get }

  /// Waits for something to happen.
  ///
  /// - Parameter limit: How long; nil waits without end.
  /// - Throws: `TerminalError` where the input fails.
  /// - Returns: What happened first.
  func next(within limit: Duration?) throws(TerminalError) -> TerminalEvent

  /// Writes bytes as they are.
  ///
  /// - Throws: `TerminalError` where the output fails or is closed.
  func write(_ bytes: [UInt8]) throws(TerminalError)

  /// Sets what the system does with what is typed.
  ///
  /// - Throws: `TerminalError` where the system refuses.
  func setMode(_ mode: TerminalMode) throws(TerminalError)

  /// Stops the process until somebody wants it again.
  func stopProcess()
}
