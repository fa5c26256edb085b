// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A moment in whole milliseconds, so that stored, exported and imported times are equal.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int

  /// Creates a moment from milliseconds since 1970-01-01T00:00:00Z.
  public init(milliseconds: Int) { self.milliseconds = milliseconds }

  /// The moment that the machine's clock shows.
  public static var now: Timestamp {
    Timestamp(milliseconds: Int((Date().timeIntervalSince1970 * 1000).rounded()))
  }

  /// Whether the left moment comes before the right one.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The moment as RFC 3339 writes it, in UTC: `2026-11-21T22:30:17.250Z`.
  public var description: String {
    let (day, rest) = Self.floorDivided(milliseconds, by: 86_400_000)
    let (year, month, dayOfMonth) = Self.date(ofDay: day)
    let seconds = rest / 1000
    return Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(dayOfMonth, 2)
      + "T" + Self.padded(seconds / 3600, 2) + ":" + Self.padded(seconds / 60 % 60, 2) + ":"
      + Self.padded(seconds % 60, 2) + "." + Self.padded(rest % 1000, 3) + "Z"
  }

  /// Reads what `description` writes, also without the fraction; nil for anything else.
  public init?(_ text: String) {
    let form = #/(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?Z/#.asciiOnlyDigits()
    guard let parts = text.wholeMatch(of: form)?.output,
      let year = Int(parts.1), let month = Int(parts.2), let dayOfMonth = Int(parts.3),
      let hour = Int(parts.4), let minute = Int(parts.5), let second = Int(parts.6),
      (1...12).contains(month), dayOfMonth >= 1, hour < 24, minute < 60, second < 60
    else { return nil }
    let day = Self.day(year, month, dayOfMonth)
    // 30 February would come back as another date.
    guard Self.date(ofDay: day) == (year, month, dayOfMonth) else { return nil }
    let fraction = parts.7.flatMap { Int($0) } ?? 0
    milliseconds = (((day * 24 + hour) * 60 + minute) * 60 + second) * 1000 + fraction
  }

  /// The days from 1970-01-01 to a date of the Gregorian calendar.
  ///
  /// Counts in eras of 400 years that begin with March, so that the day of a leap year comes last
  /// (Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, `days_from_civil`).
  private static func day(_ year: Int, _ month: Int, _ dayOfMonth: Int) -> Int {
    let (era, yearOfEra) = floorDivided(month > 2 ? year : year - 1, by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The inverse of `day` (`civil_from_days` of the same source).
  private static func date(ofDay day: Int) -> (year: Int, month: Int, dayOfMonth: Int) {
    let (era, dayOfEra) = floorDivided(day + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let isAfterNewYear = month > 9
    return (
      yearOfEra + era * 400 + (isAfterNewYear ? 1 : 0),
      isAfterNewYear ? month - 9 : month + 3,
      dayOfMonth
    )
  }

  private static func floorDivided(_ value: Int, by divisor: Int) -> (Int, Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
