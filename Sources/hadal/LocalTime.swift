// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tokenization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What templates see as now.
enum LocalTime {
  /// The time in the machine's zone.
  static var now: CalendarTime {
    var seconds = time(nil)
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else {
      return CalendarTime(secondsSinceEpoch: seconds)
    }
    let offset = unsafe parts.tm_gmtoff
    return CalendarTime(secondsSinceEpoch: seconds + offset)
  }

  /// The time that an option names.
  static func parsed(_ text: String?) throws -> CalendarTime {
    guard let text else { return now }
    guard let time = CalendarTime(text) else {
      throw ValidationError("--now is '\(text)', but must be like 2026-11-21T22:30:17")
    }
    return time
  }
}
