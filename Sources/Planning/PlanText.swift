// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Models

extension TrainingPlan {
  /// The plan for people, one line a subject.
  public var lines: [String] {
    var lines = [
      "parameters   \(PlanNumber.text(Double(parameters.total))) total, "
        + "\(PlanNumber.text(Double(parameters.active))) active\(predictionText)",
      "tokens       \(PlanNumber.text(Double(shape.tokenCount))): \(shape.stepCount) steps of "
        + "\(shape.batchRowCount) × \(shape.sequenceLength), \(shape.computeType.rawValue)",
      "operations   \(PlanNumber.text(operationsPerToken.total, unit: "FLOP")) a token, "
        + "\(PlanNumber.text(operations, unit: "FLOP")) in all",
      "memory       \(memoryText)",
    ]
    lines.append("time         \(timeText)")
    return lines
  }

  private var predictionText: String {
    guard parameters.prediction > 0 else { return "" }
    let text = PlanNumber.text(Double(parameters.prediction))
    return shape.trainsPrediction
      ? ", \(text) for multi-token prediction"
      : ", without the \(text) of multi-token prediction"
  }

  private var memoryText: String {
    let parts = [
      ("weights", memory.weights), ("masters", memory.masters), ("moments", memory.moments),
      ("gradients", memory.gradients), ("activations", memory.activations),
    ]
    let list = parts.filter { $0.1 > 0 }.map { "\($0.0) \(ByteCount.text($0.1))" }
    let available = availableByteCount.map { ", \(ByteCount.text($0)) are free" } ?? ""
    return "\(ByteCount.text(memory.total)): \(list.joined(separator: ", "))\(available)"
  }

  private var timeText: String {
    guard let seconds, let tokensPerSecond, let secondsPerStep else {
      return "unknown: nothing was measured of this machine"
    }
    let share = shareOfPeak.map { " (\(PlanNumber.percent($0)) of the measured peak)" } ?? ""
    return "about \(PlanNumber.duration(seconds)) at \(PlanNumber.text(tokensPerSecond)) "
      + "tokens/s\(share), \(PlanNumber.duration(secondsPerStep)) a step"
  }
}

/// Numbers of a plan as people read them.
public enum PlanNumber {
  /// A count: whole below 10,000, then three digits and the letter of a power of 1000: `36.2 M`.
  public static func text(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    if value < 9999.5 { return value >= 100 ? "\(Int(value.rounded()))" : digits(value) }
    let (scaled, letter) = scaled(value)
    return "\(digits(scaled)) \(letter)"
  }

  /// An amount with its unit, whose prefix is a power of 1000: `36.2 MFLOP`.
  public static func text(_ value: Double, unit: String) -> String {
    guard value.isFinite else { return "? \(unit)" }
    let (scaled, letter) = scaled(value)
    return "\(digits(scaled)) \(letter)\(unit)"
  }

  private static func scaled(_ value: Double) -> (Double, String) {
    let letters = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"]
    var (value, index) = (value, 0)
    while value >= 999.5, index < letters.count - 1 {
      value /= 1000
      index += 1
    }
    return (value, letters[index])
  }

  /// Whole percents.
  static func percent(_ share: Double) -> String {
    share.isFinite && share.magnitude < 1e6 ? "\(Int((share * 100).rounded())) %" : "? %"
  }

  /// A time in its two largest units: `3 h 20 min`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "a very long time" }
    if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 9.95 { return digits(seconds) + " s" }
    let whole = Int(seconds.rounded())
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60)
    if days > 0 { return "\(days) d \(hours) h" }
    if hours > 0 { return "\(hours) h \(minutes) min" }
    if minutes > 0 { return "\(minutes) min \(whole % 60) s" }
    return "\(whole) s"
  }

  /// Three digits, without an exponent or a fraction of zero.
  private static func digits(_ value: Double) -> String {
    let scale: Double = value >= 99.95 ? 1 : value >= 9.995 ? 10 : 100
    let rounded = (value * scale).rounded() / scale
    return rounded.rounded() == rounded && rounded < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
