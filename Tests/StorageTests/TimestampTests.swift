// SPDX-License-Identifier: Apache-2.0

import Storage
import TestSupport
import Testing

@Suite struct `A timestamp` {
  // Held to GNU date: `date -u -d @SECONDS +%FT%TZ`.
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_795_300_217_250, "2026-11-21T22:30:17.250Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
    ] as [(Int, String)]
  )
  func `is written as RFC 3339 has it`(_ milliseconds: Int, _ text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
    #expect(Timestamp(text) == Timestamp(milliseconds: milliseconds))
  }

  @Test func `comes back from its text`() {
    var generator = SplitMix64(seed: 12)
    let years = -62_000_000_000_000...250_000_000_000_000
    for _ in 0..<2000 {
      let time = Timestamp(milliseconds: Int.random(in: years, using: &generator))
      #expect(Timestamp(time.description) == time)
    }
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T22:30:17", "2026-11-21T22:30:17+01:00", "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-21T24:00:00Z",
    "2026-11-21T22:60:17Z", "2026-11-21T22:30:60Z", "2026-11-21T22:30:17.25Z",
    "٢٠٢٦-11-21T22:30:17Z", " 2026-11-21T22:30:17Z",
  ])
  func `is read from nothing else`(_ text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `may leave out its fraction`() {
    #expect(Timestamp("2026-11-21T22:30:17Z") == Timestamp("2026-11-21T22:30:17.000Z"))
  }

  @Test(arguments: [Int.min, Int.max])
  func `of a damaged file is written without a crash`(_ milliseconds: Int) {
    #expect(Timestamp(milliseconds: milliseconds).description.hasSuffix("Z"))
  }
}
