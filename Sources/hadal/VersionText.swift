// SPDX-License-Identifier: Apache-2.0

import Compute

/// What `--version` prints.
enum VersionText {
  static let version = "0.1.0"

  static var line: String {
    "hadal \(version), arithmetic \(arithmeticVersion), kernels \(kernelPath)"
  }

  private static var kernelPath: String {
    do {
      return try KernelPath.chosen().rawValue
    } catch { return "unavailable: \(error.what)" }
  }
}
