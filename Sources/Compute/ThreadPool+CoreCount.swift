// SPDX-License-Identifier: Apache-2.0

import CKernels

extension ThreadPool {
  /// How many processors this process may keep busy, 1 to 1,024: a container may have fewer than the
  /// machine, by its processor set or by its share of their time.
  public static var coreCount: Int {
    let quota = SystemFile.text("/sys/fs/cgroup/cpu.max").flatMap(coreCount(ofQuota:))
    return min(Int(hdl_core_count()), quota ?? 1024, 1024)
  }

  /// How many processors a control group's quota keeps busy.
  ///
  /// - Parameter text: What `cpu.max` holds: microseconds, or `max`, in a period of microseconds.
  /// - Returns: The number, rounded up; nil where there is no quota.
  package static func coreCount(ofQuota text: String) -> Int? {
    let numbers = text.split { $0 == " " || $0 == "\n" }.map { Int($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else {
      return nil
    }
    return max(1, quota / period + (quota % period > 0 ? 1 : 0))
  }
}
