// SPDX-License-Identifier: Apache-2.0

public import Tokenization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What templates see as now.
public enum LocalTime {
  /// The time in the machine's zone.
  public static var now: CalendarTime {
    var seconds = time(nil)
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else {
      return CalendarTime(secondsSinceEpoch: seconds)
    }
    let offset = unsafe parts.tm_gmtoff
    return CalendarTime(secondsSinceEpoch: seconds + offset)
  }
}
