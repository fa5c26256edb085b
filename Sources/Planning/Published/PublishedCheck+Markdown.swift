// SPDX-License-Identifier: Apache-2.0

extension PublishedCheck {
  /// The page Documentation/PlanCheck.md.
  public var markdown: String {
    var lines: [String] = [
      "# The planner against what is published",
      "",
      "Written by `scripts/update-plan-check`, which runs `hadal plan --check --markdown`; a test holds "
        + "the page to it. What the figures are and how they are derived is in [Plan](Plan.md).",
      "",
      "Predicted: with the shares that every plan uses. Left out: with the shares fitted again on all "
        + "runs but this one (and, of DeepSeek-V3, but all rows of that run). Rows without a time use "
        + "no fitted share, and have one prediction.",
      "",
      "## Free efficiencies",
      "",
      "Four for \(timeRows.count) training times; nothing else is fitted.",
      "",
      "| Share | What | Value | Rows that it serves |",
      "|---|---|---|---|",
    ]
    for (index, assumption) in assumptions.enumerated() {
      lines.append(
        "| \(assumption.name) | \(assumption.what) | \(Self.share(assumption.value)) | "
          + "\(served(index)) |"
      )
    }
    lines += [
      "",
      "## Training times",
      "",
      "Median error of times predicted from the others alone: \(Self.percent(medianError)). "
        + "\(count(within: 0.15)) of \(timeRows.count) lie within 15 %, \(count(within: 0.2)) within "
        + "20 %.",
      "",
    ]
    lines += Self.table(timeRows)
    lines += ["", "## Other figures", ""]
    lines += Self.table(rows.filter { !$0.isFitted })
    return lines.joined(separator: "\n") + "\n"
  }

  /// How many training times a share has a say in.
  private func served(_ index: Int) -> Int {
    TrainingRecords.all.count { record in
      switch index {
      case 0: record.device.kind == .withFP8
      case 1: record.device.kind == .beforeFP8
      case 2: record.deviceCount > record.device.nodeDeviceCount
      default: record.model.hasPrefix("deepseek-v")
      }
    }
  }

  private static func table(_ rows: [CheckRow]) -> [String] {
    [
      "| Run | Figure | Published | Predicted | Error | Left out | Why, and source |",
      "|---|---|---|---|---|---|---|",
    ]
      + rows.map { row in
        let note = row.isWithin ? "" : row.reason.map { "**Outside:** \($0). " } ?? "**Outside.** "
        let isExact = row.figure.hasPrefix("parameters") || row.figure.hasPrefix("cache_bytes")
        func text(_ value: Double) -> String {
          isExact ? grouped(Int(value.rounded())) : number(value)
        }
        return "| \(row.run) | \(row.figure) | \(text(row.published)) | "
          + "\(text(row.predicted)) | \(percent(row.error)) | \(percent(row.errorLeftOut)) | "
          + "\(note)\(row.source) |"
      }
  }

  // Four digits, so that the last bits of a machine's arithmetic do not show.
  private static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while (abs(value) * scale).rounded() < 1000, scale < 1e12 { scale *= 10 }
    while (abs(value) * scale).rounded() >= 10_000, scale > 1e-30 { scale /= 10 }
    let rounded = (value * scale).rounded() / scale
    if rounded.rounded() == rounded, abs(rounded) < 1e15 { return grouped(Int(rounded)) }
    if abs(rounded) >= 1e15 { return PlanNumber.text(rounded) }
    return "\(rounded)"
  }

  private static func grouped(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(abs(value)).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  private static func percent(_ share: Double) -> String { PlanNumber.signedPercent(share) }

  private static func share(_ value: Double) -> String {
    "\((value * 1000).rounded() / 1000)"
  }
}
