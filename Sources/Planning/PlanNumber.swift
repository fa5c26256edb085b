// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Numbers of a plan as people read them.
public enum PlanNumber {
  /// A count: whole below 10,000, then three digits and the letter of a power of 1000: `36.2 M`.
  public static func text(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    if value < 9999.5 { return value >= 100 ? "\(Int(value.rounded()))" : digits(value) }
    let (scaled, letter) = scaled(value)
    return "\(digits(scaled)) \(letter)"
  }

  /// An amount with its unit, whose prefix is a power of 1000: `36.2 MFLOP`.
  public static func text(_ value: Double, unit: String) -> String {
    guard value.isFinite else { return "? \(unit)" }
    let (scaled, letter) = scaled(value)
    return "\(digits(scaled)) \(letter)\(unit)"
  }

  /// A number of bytes with its unit: `6.8 GB`.
  public static func bytes(_ value: Double) -> String { ByteCount.text(whole(value)) }

  /// A number without its fraction; the largest integer where it passes that.
  public static func whole(_ value: Double) -> Int {
    Int(exactly: value.rounded()) ?? (value > 0 ? .max : 0)
  }

  private static func scaled(_ value: Double) -> (Double, String) {
    let letters = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"]
    var (value, index) = (value, 0)
    while value >= 999.5, index < letters.count - 1 {
      value /= 1000
      index += 1
    }
    return (value, letters[index])
  }

  /// Whole percents.
  static func percent(_ share: Double) -> String {
    share.isFinite && share.magnitude < 1e6 ? "\(Int((share * 100).rounded())) %" : "? %"
  }

  /// Percents with one digit behind the point and a sign: `+3.4 %`.
  public static func signedPercent(_ share: Double) -> String {
    guard share.isFinite, share.magnitude < 1e6 else { return "? %" }
    let tenths = Int((share * 1000).rounded())
    let magnitude = abs(tenths)
    let sign = tenths < 0 ? "−" : "+"
    return "\(sign)\(magnitude / 10).\(magnitude % 10) %"
  }

  /// Money in US dollars: `$5.58 M`, `$92.40`.
  public static func dollars(_ value: Double) -> String {
    guard value.isFinite else { return "$?" }
    if value < 9999.5 {
      let cents = Int((value * 100).rounded())
      let rest = cents % 100
      return "$\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
    return "$\(text(value))"
  }

  /// A number with all digits that matter to a calculator: up to seven, `2.788e+06` where it is large.
  public static func exact(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    if value.rounded() == value, value.magnitude < 1e15 { return "\(Int(value))" }
    var scale = 1.0
    while (value * scale).magnitude < 1e6, scale < 1e15 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return "\(rounded)"
  }

  /// A time in its two largest units: `3 h 20 min`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "a very long time" }
    if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 9.95 { return digits(seconds) + " s" }
    let whole = Int(seconds.rounded())
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60)
    if days > 0 { return "\(days) d \(hours) h" }
    if hours > 0 { return "\(hours) h \(minutes) min" }
    if minutes > 0 { return "\(minutes) min \(whole % 60) s" }
    return "\(whole) s"
  }

  /// Three digits, without an exponent or a fraction of zero.
  public static func digits(_ value: Double) -> String {
    let scale: Double = value >= 99.95 ? 1 : value >= 9.995 ? 10 : 100
    let rounded = (value * scale).rounded() / scale
    return rounded.rounded() == rounded && rounded < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
