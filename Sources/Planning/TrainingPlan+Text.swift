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
      "operations   \(PlanNumber.text(operationsPerToken.total, unit: "FLOP")) a token\(attentionText), "
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

  private var attentionText: String {
    guard shape.attendedLength < Double(shape.sequenceLength) else { return "" }
    return " (in a document of \(PlanNumber.text(shape.attendedLength)), the mean)"
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
