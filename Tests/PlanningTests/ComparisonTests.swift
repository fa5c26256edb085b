// SPDX-License-Identifier: Apache-2.0

import Planning
import Testing

/// The comparisons that made headlines, and what a plan depends on.
@Suite struct ComparisonTests {
  private func row(_ comparison: Comparison, _ text: String) throws -> Comparison.Row {
    try #require(comparison.rows.first { $0.what.contains(text) }, "\(comparison.lines)")
  }

  @Test func `the eleven times of V3 unfold into factors that multiply to it`() throws {
    let comparison = try HeadlineComparison.v3Llama.comparison(KnownModels.catalog)
    let headline = try row(comparison, "the headline").value
    // 30.84 over 2.788 million hours, as published.
    #expect(abs(headline - 11.0617) < 1e-3)
    let factors = comparison.rows.suffix(4).map(\.value)
    #expect(abs(factors.reduce(1, *) / headline - 1) < 1e-9)
    #expect(factors[0] > 9 && abs(factors[2] - 1) < 0.2)
  }

  @Test func `R1 against o1 is 27 to 54 times, by list prices`() throws {
    let comparison = try HeadlineComparison.r1o1.comparison(KnownModels.catalog)
    let values = comparison.rows.map(\.value)
    // 15 / 0.55, 7.50 / 0.14, 60 / 2.19 (reference/costs.md, section 1.4).
    for (value, known) in zip(values, [27.27, 53.57, 27.40]) { #expect(abs(value - known) < 0.01) }
    #expect(values.dropFirst(3).allSatisfy { (27...36).contains($0) })
  }

  @Test(arguments: HeadlineComparison.allCases)
  func `each comparison is whole and names its sources`(_ name: HeadlineComparison) throws {
    let comparison = try name.comparison(KnownModels.catalog)
    #expect(comparison.name == name.rawValue && comparison.rows.count >= 4)
    #expect(!comparison.notes.isEmpty && !comparison.title.isEmpty)
    for row in comparison.rows {
      #expect(row.value.isFinite && row.value > 0 && !row.source.isEmpty, "\(row.what)")
      if let low = row.low, let high = row.high { #expect(low <= high, "\(row.what)") }
    }
    #expect(comparison.lines.count > comparison.rows.count)
  }

  @Test func `50,000 H100 would take days, 10,000 A100 weeks`() throws {
    let comparison = try HeadlineComparison.clusters.comparison(KnownModels.catalog)
    #expect(try abs(row(comparison, "spread over").value - 2.32) < 0.01)
    let many = try row(comparison, "50,000 H100, FP8").value
    let few = try row(comparison, "2,048 H800, FP8").value
    #expect(many < few / 10)
    #expect(try (20...80).contains(row(comparison, "10,000 A100").value))
  }

  @Test func `what matters most comes first`() throws {
    let (scenario, layout) = try KnownModels.v3()
    let sensitivity = Sensitivity(try TrainingEstimate(scenario, layout: layout))
    let widths = sensitivity.swings.map(\.width)
    #expect(widths == widths.sorted(by: >) && widths.count >= 5)
    #expect(sensitivity.swings.allSatisfy { $0.best <= $0.worst })
    let rows = sensitivity.comparison.rows
    for number in ["1. ", "2. ", "3. "] {
      #expect(rows.contains { $0.what.hasPrefix(number) })
    }
    #expect(rows.contains { $0.what.hasPrefix("what if") })
  }
}
