// SPDX-License-Identifier: Apache-2.0

import Diagnostics

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension IdentityError {
  /// The system's words for an error number.
  static func text(of code: Int32) -> String { unsafe String(cString: strerror(code)) }

  /// How a command ends that cannot open a file.
  static func exitCode(of code: Int32) -> ExitCode {
    switch code {
    case ENOENT, ENOTDIR, EISDIR: .noInput
    case EACCES, EPERM: .notPermitted
    default: .inputOutput
    }
  }

  /// Whether the file is a folder.
  static func isFolder(_ code: Int32) -> Bool { code == EISDIR }
}
