// SPDX-License-Identifier: Apache-2.0

import CProcess

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// This program once more, as a process of its own.
enum ChildProcess {
  /// Runs a command to its end; its errors go to this process's standard error, its results nowhere.
  ///
  /// A stop that is asked of this process is asked of the other too.
  ///
  /// - Parameters:
  ///   - arguments: After the program's name.
  ///   - variable: What its environment has more, `NAME=value`.
  /// - Returns: Its exit code, or the number of the signal that ended it, negative.
  /// - Throws: `TrialFailure` where it cannot be started.
  static func run(_ arguments: [String], variable: String) throws(TrialFailure) -> Int32 {
    var child: Int32 = 0
    // SAFETY: the copies are terminated, and they are freed after their last use.
    let words = unsafe (["hadal"] + arguments).map { unsafe strdup($0) } + [nil]
    let code = unsafe hdl_process_repeat(words, variable, &child)
    for index in unsafe words.indices { unsafe free(words[index]) }
    guard code == 0 else { throw TrialFailure(.cannotStart(code)) }
    var ending: Int32 = 0
    while true {
      let code = unsafe hdl_process_wait(child, &ending)
      if code == 0 { return ending }
      guard code == EINTR else { throw TrialFailure(.cannotStart(code)) }
      if Interruption.isRequested { kill(child, SIGTERM) }
    }
  }
}
