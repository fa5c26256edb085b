// SPDX-License-Identifier: Apache-2.0

import JSON
import Planning
import Terminal
import Training

/// What a person, or a program, sees of a run.
///
/// At a terminal a bar goes on, and lines say what stays of interest; elsewhere each step is a line.
final class TrainOutput {
  private let json: Bool
  private let stepCount: Int
  private let showsBar: Bool
  private var progress: Progress
  private var failure: (any Error)?

  init(json: Bool, stepCount: Int) {
    self.json = json
    self.stepCount = stepCount
    showsBar = !json && Output.errorIsTerminal && Output.isTerminal
    progress = Progress(unit: .items("steps"), total: stepCount)
  }

  func show(_ plan: TrainingPlan) {
    if json {
      keep { try Output.json(.object([("plan", plan.json)])) }
    } else {
      for line in plan.lines { keep { try Output.line(line) } }
    }
  }

  func show(_ metrics: StepMetrics) {
    if json { return keep { try Output.json(metrics.json) } }
    if showsBar, metrics.validationLoss == nil { return advance(metrics) }
    let validation = metrics.validationLoss.map { ", validation \(Self.text($0))" } ?? ""
    let line =
      "step \(metrics.step) of \(stepCount): loss \(Self.text(metrics.loss))\(validation), "
      + "gradient norm \(Self.text(metrics.gradientNorm)), \(Self.rate(metrics))"
    progress.clear()
    keep { try Output.line(line) }
    if showsBar { advance(metrics) }
  }

  func show(_ sample: RunReport.Sample) {
    progress.clear()
    if json {
      let members: [(String, JSONText)] = [
        ("step", .integer(sample.step)), ("prompt", .string(sample.prompt)),
        ("text", .string(sample.text)),
      ]
      return keep { try Output.json(.object([("sample", .object(members))])) }
    }
    let text = (sample.prompt + sample.text).split(whereSeparator: \.isNewline)
    keep { try Output.line("  | " + text.joined(separator: "\n  | ")) }
  }

  func saved(_ path: String, seconds: Double) {
    progress.clear()
    if json {
      let members: [(String, JSONText)] = [("path", .string(path)), ("seconds", .double(seconds))]
      return keep { try Output.json(.object([("checkpoint", .object(members))])) }
    }
    keep { try Output.line("saved \(path), waited \(PlanNumber.duration(seconds))") }
  }

  /// Removes the bar.
  func end() { progress.clear() }

  /// Throws what a line could not be written for.
  func check() throws {
    if let failure { throw failure }
  }

  private func advance(_ metrics: StepMetrics) {
    progress.label = "loss \(Self.text(metrics.loss)), \(Self.rate(metrics))"
    progress.show(metrics.step, of: stepCount)
  }

  private func keep(_ body: () throws -> Void) {
    guard failure == nil else { return }
    do { try body() } catch { failure = error }
  }

  private static func rate(_ metrics: StepMetrics) -> String {
    let rate = metrics.tokensPerSecond.map { Int($0.rounded()) } ?? 0
    let share = metrics.shareOfPeak.map { ", \(Int(($0 * 100).rounded())) %" } ?? ""
    return "\(rate) tokens/s\(share)"
  }

  /// Four places behind the point.
  private static func text(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "\(value)" }
    let scaled = Int((value.magnitude * 10_000).rounded())
    let places = String(scaled % 10_000)
    let zeros = String(repeating: "0", count: 4 - places.count)
    return (value < 0 ? "-" : "") + "\(scaled / 10_000).\(zeros)\(places)"
  }
}
