// SPDX-License-Identifier: Apache-2.0

/// A day and a time of it, without a zone: what `strftime_now` of a template sees as now.
public struct CalendarTime: Sendable, Hashable {
  /// The year.
  public var year: Int
  /// The month, 1 to 12.
  public var month: Int
  /// The day of the month, from 1.
  public var day: Int
  /// The hour, 0 to 23.
  public var hour: Int
  /// The minute.
  public var minute: Int
  /// The second.
  public var second: Int

  /// Creates a time; nil where the calendar has none like it.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Self.dayCount(year, month)).contains(day), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// The text from which the time can be made again, like `2026-11-21T22:30:17`.
  public var text: String {
    func digits(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
    let date = [digits(year, 4), digits(month), digits(day)].joined(separator: "-")
    return date + "T" + [digits(hour), digits(minute), digits(second)].joined(separator: ":")
  }

  /// Creates the time of a text like `2026-11-21T22:30:17`, the time of day or its seconds left out
  /// where they are 0; nil for another text.
  public init?(_ text: String) {
    let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    let clock =
      halves.count > 1 ? halves[1].split(separator: ":", omittingEmptySubsequences: false) : []
    guard date.count == 3, date[0].utf8.count == 4, halves.count == 1 || (2...3) ~= clock.count
    else { return nil }
    var numbers: [Int] = []
    for part in date + clock {
      guard part.utf8.count == 2 || numbers.isEmpty,
        part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part)
      else { return nil }
      numbers.append(number)
    }
    numbers += [0, 0, 0]
    self.init(
      year: numbers[0],
      month: numbers[1],
      day: numbers[2],
      hour: numbers[3],
      minute: numbers[4],
      second: numbers[5]
    )
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func dayCount(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day of the year, from 1.
  private var dayOfYear: Int {
    (1..<month).reduce(day) { $0 + Self.dayCount(year, $1) }
  }

  /// The day of the week, 0 for Sunday.
  private var weekday: Int {
    let before = year - 1
    let days = before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear
    return days % 7
  }

  /// The year and the week of ISO 8601.
  private var isoWeek: (year: Int, week: Int) {
    let fromMonday = (weekday + 6) % 7
    let week = (dayOfYear - fromMonday + 9) / 7
    if week < 1 {
      return CalendarTime(year: year - 1, month: 12, day: 31)?.isoWeek ?? (year: year, week: 1)
    }
    if week == 53 {
      let januaryFirst = CalendarTime(year: year + 1, month: 1, day: 1)?.weekday ?? 5
      if (1...4).contains(januaryFirst) { return (year: year + 1, week: 1) }
    }
    return (year: year, week: week)
  }
}

extension CalendarTime {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  private static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]

  /// What Python's `strftime` gives in the C locale; the parts of the time count as data.
  func formatted(_ format: OriginText) -> OriginText {
    var result = OriginText()
    var index = 0
    while index < format.count {
      let start = index
      index += 1
      guard format.scalars[start] == "%", index < format.count else {
        result.append(format[start..<index])
        continue
      }
      var flag: Unicode.Scalar?
      if ["-", "_", "0", "^", "#"].contains(format.scalars[index]), index + 1 < format.count {
        flag = format.scalars[index]
        index += 1
      }
      if format.scalars[index] == "%" {
        result.append(format[index..<index + 1])
      } else if let part = part(format.scalars[index], flag) {
        result.append(part, .data)
      } else {
        result.append(format[start..<index + 1])
      }
      index += 1
    }
    return result
  }

  private func part(_ directive: Unicode.Scalar, _ flag: Unicode.Scalar?) -> String? {
    func number(_ value: Int, _ width: Int, _ fill: String = "0") -> String {
      let fill = flag == "-" ? "" : flag == "_" ? " " : flag == "0" ? "0" : fill
      let digits = String(value)
      return String(repeating: fill, count: max(0, width - digits.count)) + digits
    }
    let weekdayName = Self.weekdays[weekday]
    let monthName = Self.months[month - 1]
    let text: String
    switch directive {
    case "a": text = String(weekdayName.prefix(3))
    case "A": text = weekdayName
    case "b", "h": text = String(monthName.prefix(3))
    case "B": text = monthName
    case "p": text = hour < 12 ? "AM" : "PM"
    case "P": text = hour < 12 ? "am" : "pm"
    case "C": return number(year / 100, 2)
    case "d": return number(day, 2)
    case "e": return number(day, 2, " ")
    case "H": return number(hour, 2)
    case "I": return number((hour + 11) % 12 + 1, 2)
    case "k": return number(hour, 2, " ")
    case "l": return number((hour + 11) % 12 + 1, 2, " ")
    case "j": return number(dayOfYear, 3)
    case "m": return number(month, 2)
    case "M": return number(minute, 2)
    case "S": return number(second, 2)
    case "f": return "000000"
    case "u": return String((weekday + 6) % 7 + 1)
    case "w": return String(weekday)
    case "U": return number((dayOfYear + 6 - weekday) / 7, 2)
    case "W": return number((dayOfYear + 6 - (weekday + 6) % 7) / 7, 2)
    case "V": return number(isoWeek.week, 2)
    case "G": return String(isoWeek.year)
    case "g": return number(isoWeek.year % 100, 2)
    case "y": return number(year % 100, 2)
    case "Y": return String(year)
    case "n": return "\n"
    case "t": return "\t"
    case "z", "Z": return ""
    default: return composed(directive)
    }
    return flag == "^" ? text.uppercased() : text
  }

  /// The directives that stand for several others.
  private func composed(_ directive: Unicode.Scalar) -> String? {
    let formats: [Unicode.Scalar: String] = [
      "c": "%a %b %e %H:%M:%S %Y", "D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M",
      "r": "%I:%M:%S %p", "T": "%H:%M:%S", "x": "%m/%d/%y", "X": "%H:%M:%S",
    ]
    return formats[directive].map { formatted(OriginText($0, .data)).string }
  }
}

extension CalendarTime {
  /// The first second of 1970.
  static let epoch = CalendarTime(secondsSinceEpoch: 0)

  /// Creates the time that lies so many seconds after the first of 1970, in the zone that the
  /// seconds are counted in.
  public init(secondsSinceEpoch seconds: Int) {
    let days = (Double(seconds) / 86_400).rounded(.down)
    let rest = seconds - Int(days) * 86_400
    // From days to a date by 400-year cycles that begin in March (Hinnant, "chrono-compatible
    // low-level date algorithms", civil_from_days).
    let shifted = Int(days) + 719_468
    let cycle = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfCycle = shifted - cycle * 146_097
    let yearOfCycle =
      (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60)
  }
}
