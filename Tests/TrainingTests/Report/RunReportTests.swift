// SPDX-License-Identifier: Apache-2.0

import Compute
import Foundation
import Ledger
import TestSupport
import Testing
import Training

/// The report as a page: sound, complete, and no larger than a page may be.
///
/// Method: the page is read by an XML parser, which refuses any tag or attribute that was not closed
/// and any `<` or `&` that came through from outside.
@Suite struct RunReportTests {
  private func report(steps: Int = 0) -> RunReport {
    var report = RunReport(name: "run", state: .running, time: "2026-11-21T22:30:17Z")
    for step in 0..<steps { report.history.append(.sample(step + 1)) }
    return report
  }

  /// The page's elements by name, with all text; throws where the page is not well-formed.
  private func parsed(_ report: RunReport) throws -> PageReader {
    try PageReader(report.html)
  }

  @Test func `a run without a step is a page`() throws {
    let page = try parsed(report())
    #expect(page.text.contains("none yet") && page.text.contains("running"))
    #expect(page.count("figure") == 5)
    #expect(page.text.contains("no values yet"))
    #expect(page.count("svg") == 0)
  }

  @Test func `one step is a point in each chart`() throws {
    let page = try parsed(report(steps: 1))
    // Loss, learning rate, norm, throughput, share, balance loss, loads, violation, drift.
    #expect(page.count("figure") == 9)
    #expect(page.count("circle") >= 8)
  }

  @Test(arguments: [2, 49, 50, 100, 5000])
  func `a run of any length has all its charts`(_ steps: Int) throws {
    let page = try parsed(report(steps: steps))
    #expect(page.count("figure") == 9)
    for title in [
      "Loss", "Learning rate", "Gradient norm", "Throughput", "Share of peak", "Balance loss",
      "Expert load", "Load violation (MaxVio)", "Bias drift",
    ] {
      #expect(page.text.contains(title))
    }
    #expect(page.labels.allSatisfy { !$0.isEmpty } && page.labels.count >= 9)
  }

  @Test func `a dense model's run has no charts of experts`() throws {
    var report = report()
    for step in 1...3 { report.history.append(.sample(step, layers: 0)) }
    let page = try parsed(report)
    #expect(!page.text.contains("Expert load") && !page.text.contains("Bias drift"))
  }

  @Test func `a loss that is not finite is marked and said`() throws {
    var report = report()
    for step in 1...50 {
      var metrics = StepMetrics.sample(step)
      if step == 30 { metrics.loss = .nan }
      if step == 31 { metrics.gradientNorm = .infinity }
      if step == 50 { metrics.loss = .nan }
      report.history.append(metrics)
    }
    let html = report.html
    _ = try parsed(report)
    #expect(html.contains("Loss is not finite at step 30"))
    #expect(html.contains("Gradient norm is not finite at step 31"))
    #expect(!html.contains("nan") && !html.contains("inf "))
    // All of them, too.
    var broken = RunReport(name: "run", state: .failed("the loss is NaN at step 1"), time: "")
    var metrics = StepMetrics.sample(1, layers: 0)
    (metrics.loss, metrics.gradientNorm, metrics.learningRate) = (.nan, .infinity, -.infinity)
    (metrics.tokensPerSecond, metrics.shareOfPeak) = (.nan, 1e308)
    broken.history.append(metrics)
    #expect(try parsed(broken).text.contains("failed: the loss is NaN at step 1"))
  }

  // Method: every text of others holds what would break out of text, attribute, style or comment.
  @Test func `nothing from outside becomes a part of the page`() throws {
    let hostile = "\"'></title></pre><script>alert(1)</script><!-- ]]> &amp; &#x3c; \0\u{1}\u{85}"
    var report = report(steps: 3)
    report.name = hostile
    report.state = .failed(hostile)
    report.time = hostile
    report.recipe = hostile
    report.plan = [hostile]
    report.device = hostile
    report.samples = [RunReport.Sample(step: 1, prompt: hostile, text: hostile)]
    report.sources = [
      RunReport.Source(name: hostile, origin: hostile, license: hostile, hash: hostile)
    ]
    report.ledgerHead = LedgerHead(hash: hostile, n: 1)
    let page = try parsed(report)
    #expect(page.count("script") == 0)
    let seen = hostile.replacing("\0\u{1}\u{85}", with: "\u{FFFD}\u{FFFD}\u{FFFD}")
    // Title, heading, state, time, recipe, plan, device, prompt, text, four of the source, head.
    #expect(page.text.ranges(of: seen).count == 14)
  }

  @Test func `texts of others are shortened, samples and sources are limited, and that is said`()
    throws
  {
    var report = report(steps: 1)
    for step in 1...100 {
      let text = String(repeating: "word ", count: 2000)
      report.samples.append(RunReport.Sample(step: step, prompt: "Once", text: text))
      report.sources.append(
        RunReport.Source(name: "s\(step)", origin: "", license: "", hash: "")
      )
    }
    report.sources += report.sources + report.sources
    let page = try parsed(report)
    #expect(page.text.contains("40 of 100 steps with samples are shown."))
    #expect(page.text.contains("step 100") && page.count("details") == 40)
    #expect(page.text.contains("and 100 more"))
    #expect(report.html.utf8.count < 400_000)
  }

  @Test func `a page asks for nothing and looks for a newer one while the run goes on`() throws {
    var report = report(steps: 3)
    report.refreshSeconds = 30
    #expect(report.html.contains("<meta http-equiv=\"refresh\" content=\"30\">"))
    report.state = .finished
    let html = report.html
    #expect(!html.contains("refresh"))
    #expect(html.contains("default-src 'none'; style-src 'unsafe-inline'"))
    for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "onload"] {
      #expect(!html.contains(word), "\(word)")
    }
  }

  @Test func `a run that went back shows what it did the second time`() throws {
    var (straight, returned) = (report(), report())
    for step in 1...8 { straight.history.append(.sample(step)) }
    for step in 1...10 {
      var metrics = StepMetrics.sample(step)
      if step > 5 { metrics.loss = 99 }
      returned.history.append(metrics)
    }
    for step in 6...8 { returned.history.append(.sample(step)) }
    #expect(returned.html == straight.html)
    returned.history.rewind(to: 3)
    #expect(returned.history.last == nil)
  }

  @Test func `the loads of the last steps are added up, each against its layer's mean`() throws {
    var report = report()
    for step in 1...40 {
      var metrics = StepMetrics.sample(step, layers: 0)
      // Only the last 32 steps count: 32 × 10 tokens in the mean.
      let counts = step > 8 ? [0, 10, 20, 10] : [1000, 0, 0, 0]
      metrics.expertLoads = [ExpertLoad(layer: 3, counts: counts)]
      report.history.append(metrics)
    }
    let text = try parsed(report).text
    for cell in ["0: 0 × mean, 0", "1: 1 × mean, 320", "2: 2 × mean, 640", "3: 1 × mean, 320"] {
      #expect(text.contains("layer 3, expert \(cell) tokens"))
    }
    #expect(text.contains("the last 32 steps"))
    // A router without biases has no drift.
    #expect(!text.contains("Bias drift"))
  }

  @Test func `a large mixture fits as well`() throws {
    var report = report()
    for step in 1...3 { report.history.append(.sample(step, layers: 58, experts: 256)) }
    let page = try parsed(report)
    #expect(page.text.contains("a cell is the fullest of 4 experts"))
    #expect(report.html.utf8.count < 1_000_000)
    #expect(page.count("rect") > 58 * 64)
  }

  @Test func `a page takes the place of the one before as a whole`() throws {
    let folder = try RunFolder()
    let path = folder.path + "/report.html"
    try report().write(to: path)
    try report(steps: 10).write(to: path)
    #expect(try folder.text("report.html") == report(steps: 10).html)
    #expect(try SystemFolder.names(in: folder.path) == ["report.html"])
    #expect(throws: ComputeError.self) { try report().write(to: folder.path + "/absent/a.html") }
  }
}
