// SPDX-License-Identifier: Apache-2.0

import Compute

/// The most memory that this process has held.
public enum PeakMemory {
  /// Bytes that 100,000 damaged files of some kilobytes may take, the test process with its fixtures
  /// included, where it runs nothing else (`scripts/test --long`).
  public static let fuzzingLimit = 128 << 20

  /// Resident bytes at their highest (`VmHWM`); nil where the system does not tell.
  public static var byteCount: Int? {
    let lines = SystemFile.text("/proc/self/status")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").dropFirst().first
      .flatMap { Int($0) }
      .map { $0 * 1024 }
  }
}
