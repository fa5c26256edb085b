// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Ledger
import Models

extension Label {
  /// The label as a page of Markdown.
  var markdown: String {
    var lines = ["# Label of \(Self.cell(model))", ""]
    lines += summary
    lines += dataSection + trainingSection + evaluationSection
    if !lineage.isEmpty {
      lines += ["", "## Lineage", ""] + lineage.map { "- \(Self.cell($0))" }
    }
    if !unknown.isEmpty {
      lines += ["", "## What nobody knows", ""] + unknown.map { "- \($0)" }
    }
    let hasStated = evaluationsAreStated || stages.contains(where: \.isStated)
    lines += [
      "", "Rows are those of the ledger, by chain and number; ~ is an estimate from watts.",
    ]
    if hasStated {
      lines.append("What is stated was said by whoever published the model; no row here shows it.")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var summary: [String] {
    let cost = cost
    let rows = Self.rows(stages.flatMap(\.rows))
    let money = cost.dollars.map { dollars in
      let prices = cost.prices.isEmpty ? "" : " at \(cost.prices.joined(separator: ", "))"
      return "\(LedgerText.figure(dollars)) USD\(prices)"
    }
    return Self.table([
      ["", ""],
      ["architecture", Self.cell(architecture)],
      [
        "parameters",
        "\(LedgerText.figure(Double(parameters.total))), "
          + "\(LedgerText.figure(Double(parameters.active))) active a token",
      ],
      ["weights", weights.map { "`\($0)`" } ?? LedgerText.unknown],
      ["tokens", LedgerText.figure(cost.tokenCount) + rows],
      ["hours", LedgerText.figure(cost.hours) + (cost.hours == nil ? "" : rows)],
      ["energy", Self.energy(cost) + (cost.kilowattHours == nil ? "" : rows)],
      ["money", money.map { $0 + rows } ?? LedgerText.unknown],
      ["identity", identityText],
    ])
  }

  private var identityText: String {
    guard let evaluation = evaluations.first(where: \.isOfIdentity) else {
      return LedgerText.unknown
    }
    let result = evaluation.result
    return "\(result.correctCount) of \(result.answerCount) answers claim nobody else's identity"
      + Self.rows(evaluation.rows)
  }

  private var dataSection: [String] {
    let sources = stages.flatMap { stage in stage.data.map { (stage, $0) } }
    guard !sources.isEmpty else { return ["", "## Data", "", "Unknown."] }
    let rows = sources.map { stage, source in
      [
        Self.cell(source.path), source.license.map(Self.cell) ?? LedgerText.unknown,
        source.documentCount.map { "\($0)" } ?? LedgerText.unknown,
        LedgerText.figure(source.tokenCount),
        source.share.map { "\(Int(($0 * 100).rounded())) %" } ?? LedgerText.unknown,
        Self.cell(stage.run ?? LedgerText.unknown) + (stage.isStated ? " (stated)" : ""),
      ]
    }
    let head = ["source", "license", "documents", "tokens", "share", "run"]
    return ["", "## Data", ""] + Self.table([head] + rows)
  }

  private var trainingSection: [String] {
    guard !stages.isEmpty else { return ["", "## Training", "", "Unknown."] }
    let rows = stages.map { stage in
      [
        Self.cell(stage.run ?? LedgerText.unknown) + (stage.isStated ? " (stated)" : ""),
        stage.recipe.map { "`\($0.prefix(16))`" } ?? LedgerText.unknown,
        LedgerText.figure(stage.cost.tokenCount),
        LedgerText.figure(stage.cost.hours), Self.energy(stage.cost),
        LedgerText.figure(stage.cost.dollars),
        stage.rows.isEmpty ? LedgerText.unknown : Self.list(stage.rows), Self.head(stage),
      ]
    }
    let head = ["run", "recipe", "tokens", "hours", "energy", "USD", "rows", "head"]
    return ["", "## Training", ""] + Self.table([head] + rows)
  }

  private static func head(_ stage: LabelStage) -> String {
    guard let head = stage.head else { return LedgerText.unknown }
    let verdict = stage.verdict.map { ", \($0.rawValue)" } ?? ""
    return "\(cell(head.writer)) \(head.head.n) `\(head.head.hash.prefix(16))`\(verdict)"
  }

  private var evaluationSection: [String] {
    guard !evaluations.isEmpty else { return ["", "## Evaluation", "", "Unknown."] }
    let rows = evaluations.map { evaluation in
      let result = evaluation.result
      let interval = result.interval
      return [
        Self.cell(result.task) + (evaluationsAreStated ? " (stated)" : ""),
        "\(result.correctCount) of \(result.answerCount)", Self.percent(result.rate),
        "\(Self.percent(interval.low))–\(Self.percent(interval.high))",
        evaluation.rows.isEmpty ? LedgerText.unknown : Self.list(evaluation.rows),
      ]
    }
    let head = ["task", "right", "rate", "95 % interval", "rows"]
    return ["", "## Evaluation", ""] + Self.table([head] + rows)
  }

  // MARK: Cells

  private static func table(_ rows: [[String]]) -> [String] {
    var lines = rows.map { "| \($0.joined(separator: " | ")) |" }
    lines.insert("|" + String(repeating: "---|", count: rows[0].count), at: 1)
    return lines
  }

  private static func rows(_ ranges: [RowRange]) -> String {
    ranges.isEmpty ? "" : " (\(list(ranges)))"
  }

  // LIMIT: what a cell holds; the JSON names all.
  private static func list(_ ranges: [RowRange]) -> String {
    let shown = ranges.prefix(6).map { cell($0.text) }.joined(separator: ", ")
    return ranges.count > 6 ? "\(shown) and \(ranges.count - 6) more" : shown
  }

  private static func energy(_ cost: LabelCost) -> String {
    LedgerText.energy(
      joules: cost.kilowattHours.map { $0 * 3.6e6 },
      isEstimated: cost.isEstimated
    )
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  /// A text of a stranger's file as the cell of a table, without what a terminal would obey.
  private static func cell(_ text: String) -> String {
    let plain = text.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
        ? " " : scalar
    }
    return String(String.UnicodeScalarView(plain))
      .replacing("|", with: "\\|").replacing("<", with: "&lt;")
  }
}
