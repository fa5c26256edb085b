// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

/// How long a report takes to write, and how large it grows.
@Suite struct RunReportSpeedTests {
  @Test func `a hundred thousand steps take less than a second and 2 MB`() throws {
    var report = RunReport(name: "run", state: .running, time: "2026-11-21T22:30:17Z")
    for step in 1...100_000 { report.history.append(.sample(step)) }
    report.stepCount = 200_000
    let clock = ContinuousClock()
    let start = clock.now
    let html = report.html
    let duration = clock.now - start
    #expect(duration < .seconds(1), "\(duration)")
    #expect(html.utf8.count < 2_000_000, "\(html.utf8.count) bytes")
  }
}
