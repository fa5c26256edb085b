// SPDX-License-Identifier: Apache-2.0

import CKernels

extension ThreadPool {
  /// How many processors this process may keep busy, 1 to 1,024: a container may have fewer than the
  /// machine, by its processor set or by its share of their time.
  public static var coreCount: Int {
    coreCount(inSet: Int(hdl_core_count()), reading: SystemFile.text)
  }

  /// How many processors a process may keep busy.
  ///
  /// - Parameters:
  ///   - setCount: How many it may run on.
  ///   - read: Gives the text of a system's file, nil where it cannot be read.
  /// - Returns: The number, 1 to 1,024.
  package static func coreCount(inSet setCount: Int, reading read: (String) -> String?) -> Int {
    let shares = ControlGroup.all(of: "cpu", reading: read)
      .compactMap { $0.coreCount(reading: read) }
    return min(max(setCount, 1), shares.min() ?? 1024, 1024)
  }

  /// How many processors a control group's quota keeps busy.
  ///
  /// - Parameter text: What `cpu.max` holds: microseconds, or `max`, in a period of microseconds.
  /// - Returns: The number, rounded up; nil where there is no quota.
  static func coreCount(ofQuota text: String) -> Int? {
    let numbers = text.split { $0 == " " || $0 == "\n" }.map { Int($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0
    else { return nil }
    return quota / period + (quota % period > 0 ? 1 : 0)
  }
}
