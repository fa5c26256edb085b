// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension ComputeError {
  static let noSuchFile = ENOENT

  /// What the system calls an error number.
  package static func text(of code: Int32) -> String {
    // SAFETY: strerror returns a terminated string; it is copied before anything else can run.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
