// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Who writes an answer, so that another process can tell whether it still does.
///
/// A wrong guess does no harm: what a process appends to an answer that another took for abandoned
/// is kept, and its `finish` has the last word.
enum WritingProcess {
  /// This process: its id, and a number that tells it from one before with the same id, as the
  /// first process of a container has it each time.
  static let own = "\(getpid()):\(UInt64.random(in: 0 ... .max))"

  /// Whether a writer is known to be gone.
  static func isGone(_ writer: String) -> Bool {
    guard writer != own else { return false }
    guard let id = pid_t(writer.prefix { $0 != ":" }), id > 0, id != getpid() else { return true }
    return kill(id, 0) != 0 && errno == ESRCH
  }
}
