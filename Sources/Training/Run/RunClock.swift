// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The time of day, for what is not compared.
enum RunClock {
  /// Seconds since 1970.
  static var seconds: Double { Date().timeIntervalSince1970 }

  /// Now as RFC 3339 writes it in UTC.
  static var text: String { Date().formatted(.iso8601) }
}

extension ContinuousClock.Instant {
  /// Seconds that have passed since.
  var secondsUntilNow: Double {
    let time = duration(to: .now)
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }
}
