// SPDX-License-Identifier: Apache-2.0

/// English words for numbers.
package enum NumberWords {
  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
  ]
  private static let tens = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]

  /// The words of a number from 0 to 99.
  ///
  /// - Returns: Nil for others.
  package static func text(_ number: Int) -> String? {
    guard (0..<100).contains(number) else { return nil }
    if number < 20 { return small[number] }
    let ten = tens[number / 10 - 2]
    return number % 10 == 0 ? ten : "\(ten)-\(small[number % 10])"
  }
}
