// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Synchronization
import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// SIGINT and SIGTERM ask for an orderly stop; a second one ends the process at once.
///
/// While an answer is made, SIGINT asks for that one's end alone.
enum Interruption {
  private static let signalNumber = Atomic<Int32>(0)
  private static let isAnswering = Atomic(false)
  private static let answerInterrupts = Atomic(0)

  /// From here on SIGINT ends an answer.
  static func beginAnswer() {
    answerInterrupts.store(0, ordering: .relaxed)
    isAnswering.store(true, ordering: .relaxed)
  }

  /// Whether a person wants the answer to end.
  static var isAnswerInterrupted: Bool { answerInterrupts.load(ordering: .relaxed) > 0 }

  /// From here on SIGINT ends the program again.
  static func endAnswer() { isAnswering.store(false, ordering: .relaxed) }

  /// Whether a stop was asked for.
  static var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// Whether SIGTERM asked for it.
  static var isTermination: Bool { signalNumber.load(ordering: .relaxed) == SIGTERM }

  /// Ends the command with 130 or 143 where a stop was asked for.
  ///
  /// - Throws: The parser's `ExitCode`.
  static func check() throws {
    if isRequested { throw ExitCode(128 + signalNumber.load(ordering: .relaxed)) }
  }

  /// Takes the signals over; a closed pipe is an error of `write` from here on.
  static func install() {
    // Without SA_RESTART, so that a read that waits for a person ends too.
    var action = sigaction()
    let handler: @convention(c) (Int32) -> Void = { received in
      if received == SIGINT, Interruption.isAnswering.load(ordering: .relaxed) {
        Interruption.answerInterrupts.add(1, ordering: .relaxed)
        return
      }
      if Interruption.signalNumber.load(ordering: .relaxed) != 0 {
        TerminalGuard.restore()
        _exit(128 + received)
      }
      Interruption.signalNumber.store(received, ordering: .relaxed)
      TerminalGuard.wake()
    }
    #if canImport(Darwin)
    unsafe action.__sigaction_u.__sa_handler = handler
    #else
    unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    for number in [SIGINT, SIGTERM] { unsafe sigaction(number, &action, nil) }
    signal(SIGPIPE, SIG_IGN)
    // A file that passes the shell's limit of size is an error of `write` too.
    signal(SIGXFSZ, SIG_IGN)
    // A program started from a thread of a dispatch queue inherits its mask, which blocks them.
    var taken = sigset_t()
    unsafe sigemptyset(&taken)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&taken, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &taken, nil)
  }
}
