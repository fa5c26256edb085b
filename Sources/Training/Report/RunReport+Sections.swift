// SPDX-License-Identifier: Apache-2.0

import Ledger

extension RunReport {
  // LIMIT: what a person looks through; the page says how many there are in all.
  private static let mostSampleSteps = 40
  private static let longestSample = 4000
  private static let mostSources = 200
  private static let longestText = 64_000

  /// Whether the run goes on, and how far it is.
  var status: String {
    let (kind, text) =
      switch state {
      case .running: ("running", "running")
      case .stopped(let step): ("stopped", "stopped at step \(ReportText.grouped(step))")
      case .finished: ("finished", "finished")
      case .failed(let reason): ("failed", "failed: \(ReportText.shortened(reason, to: 500))")
      }
    var html = "<p class=\"state \(kind)\" role=\"status\">\(ReportText.escaped(text))</p>"
    if let stepCount, stepCount > 0, let step = history.last?.step {
      html += "<progress max=\"\(stepCount)\" value=\"\(min(step, stepCount))\" "
      html += "aria-label=\"steps done\"></progress>"
    }
    return html
  }

  /// The figures of the last step.
  var facts: String {
    var facts: [(String, String)] = []
    if let last = history.last {
      let total = stepCount.map { " of \(ReportText.grouped($0))" } ?? ""
      facts.append(("step", ReportText.grouped(last.step) + total))
      facts.append(("tokens", ReportText.number(Double(last.tokens))))
      facts.append(("loss", ReportText.number(history.loss.smoothed().values.last ?? last.loss)))
      if let validation = history.validationLoss.values.last {
        facts.append(("validation loss", ReportText.number(validation)))
      }
      if let rate = last.tokensPerSecond {
        facts.append(("tokens/s", ReportText.number(rate)))
      }
      if let share = last.shareOfPeak {
        facts.append(("share of peak", ReportText.trimmed(share * 100, places: 1) + " %"))
      }
    } else {
      facts.append(("step", "none yet"))
    }
    if !device.isEmpty { facts.append(("device", device)) }
    facts.append(("as of", Self.readable(time)))
    if let ledgerHead {
      facts.append(("ledger head", "row \(ReportText.grouped(ledgerHead.n)), \(ledgerHead.hash)"))
    }
    let items = facts.map { name, value in
      let isLong = value.count > 40 ? " class=\"long\"" : ""
      return "<div\(isLong)><dt>\(name)</dt><dd>\(ReportText.escaped(value))</dd></div>"
    }
    return "<dl>\(items.joined())</dl>\n"
  }

  /// The samples, the latest first and open; where there are many, some steps between are left out.
  var sampleSection: String {
    guard !samples.isEmpty else { return "" }
    let steps = Set(samples.map(\.step)).sorted()
    let shown = Self.spread(steps, to: Self.mostSampleSteps)
    var html = "<section><h2>Samples</h2>"
    if shown.count < steps.count {
      html += "<p class=\"none\">\(shown.count) of \(steps.count) steps with samples are shown.</p>"
    }
    for step in shown.reversed() {
      let isOpen = step == steps.last ? " open=\"\"" : ""
      html += "<details\(isOpen)><summary>step \(ReportText.grouped(step))</summary>"
      for sample in samples where sample.step == step {
        let prompt = ReportText.shortened(sample.prompt, to: Self.longestSample)
        let text = ReportText.shortened(sample.text, to: Self.longestSample)
        html += "<pre dir=\"auto\"><b>\(ReportText.escaped(prompt))</b>"
        html += "\(ReportText.escaped(text))</pre>"
      }
      html += "</details>"
    }
    return html + "</section>\n"
  }

  /// Where the data came from.
  var sourceSection: String {
    guard !sources.isEmpty else { return "" }
    let names = ["source", "origin", "license", "documents", "tokens", "share", "hash"]
    var html = "<section><h2>Data</h2><div class=\"wide\"><table><thead><tr>"
    html += names.map { "<th scope=\"col\">\($0)</th>" }.joined() + "</tr></thead><tbody>"
    for source in sources.prefix(Self.mostSources) {
      let numbers = [
        source.documentCount.map(ReportText.grouped), source.tokenCount.map(ReportText.grouped),
        source.share.map { ReportText.trimmed($0 * 100, places: 1) + " %" },
      ]
      html += "<tr><th scope=\"row\">\(Self.cell(source.name))</th><td>\(Self.cell(source.origin))"
      html += "</td><td>\(Self.cell(source.license))</td>"
      html += numbers.map { "<td class=\"number\">\($0 ?? "–")</td>" }.joined()
      html += "<td><code>\(Self.cell(source.hash))</code></td></tr>"
    }
    html += "</tbody></table></div>"
    let rest = sources.count - Self.mostSources
    if rest > 0 { html += "<p class=\"none\">and \(rest) more</p>" }
    return html + "</section>\n"
  }

  /// Plan and recipe as they are.
  var textSections: String {
    var html = ""
    if !plan.isEmpty {
      html += "<section><h2>Plan</h2>\(Self.block(plan.joined(separator: "\n")))</section>\n"
    }
    if !recipe.isEmpty {
      html += "<section><h2>Recipe</h2>\(Self.block(recipe))</section>\n"
    }
    return html
  }

  /// A time of RFC 3339 as people read it; what has another form stays as it is.
  private static func readable(_ time: String) -> String {
    LedgerRow.isTime(time) ? time.dropLast().replacing("T", with: " ") + " UTC" : time
  }

  private static func block(_ text: String) -> String {
    "<pre>\(ReportText.escaped(ReportText.shortened(text, to: longestText)))</pre>"
  }

  private static func cell(_ text: String) -> String {
    ReportText.escaped(ReportText.shortened(text, to: 300))
  }

  /// Some of many, the first and the last among them, equally far apart.
  private static func spread(_ steps: [Int], to limit: Int) -> [Int] {
    guard steps.count > limit else { return steps }
    return (0..<limit).map { steps[$0 * (steps.count - 1) / (limit - 1)] }
  }
}
