// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How long a file of this process may become: a disk that is full, for the test of one process.
public enum FileLimit {
  /// Sets the limit in bytes.
  ///
  /// - Returns: Whether the system took it.
  public static func set(_ byteCount: Int) -> Bool {
    // The write then fails with an error, as on a full disk.
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: rlim_t(1) << 40)
    return unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0
  }
}
