// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Times as HTTP writes them.
package enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// How many seconds a date lies ahead; 0 where it is past, nil where it is no date.
  package static func secondsFromNow(_ text: String, now: Date = Date()) -> Int? {
    // RFC 9110, 5.6.7: `Wed, 21 Oct 2015 07:28:00 GMT`.
    let words = text.split(separator: " ")
    guard words.count == 6, let month = months.firstIndex(of: String(words[2])),
      let date = try? Date(
        "\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z",
        strategy: .iso8601
      )
    else { return nil }
    let seconds = date.timeIntervalSince(now).rounded(FloatingPointRoundingRule.up)
    return seconds < 1e9 ? max(Int(seconds), 0) : nil
  }
}
