// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What tests of processes ask of the system.
enum ProcessID {
  static var own: pid_t { getpid() }

  /// Ends this process at once, as `kill -9` does.
  static func killOwn() { kill(getpid(), SIGKILL) }

  /// Takes away the rights of root, which no permission holds for; others have none to lose.
  static func dropRights() { if geteuid() == 0 { setuid(65_534) } }

  /// The processor time that this thread has used, in seconds.
  static var threadSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
