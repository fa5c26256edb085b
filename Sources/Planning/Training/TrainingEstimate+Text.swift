// SPDX-License-Identifier: Apache-2.0

extension TrainingEstimate {
  /// The estimate for people, one line a subject.
  public var lines: [String] {
    let model = scenario.model
    var lines: [String] = [
      "model        \(model.name): \(PlanNumber.text(Double(model.parameterCount))) parameters, "
        + "\(PlanNumber.text(Double(model.activeCount))) active\(predictionText)",
      "operations   \(PlanNumber.text(scenario.causalCount.total, unit: "FLOP")) a token causal, "
        + "\(PlanNumber.text(scenario.fullCount.total, unit: "FLOP")) with full attention, "
        + "\(PlanNumber.text(hardwareOperations, unit: "FLOP")) on the hardware",
      "cache        \(PlanNumber.bytes(model.cacheByteCount())) a token at 2 bytes a number",
      "hardware     \(scenario.deviceCount) × \(scenario.device.title), "
        + "\(scenario.precision.rawValue)",
      "layout       \(layoutText)",
      "step         \(scenario.batchRowCount) × \(scenario.sequenceLength) tokens in "
        + "\(PlanNumber.duration(step.total)): \(partsText)",
    ]
    if !communication.parts.isEmpty { lines.append("sent         \(communicationText)") }
    lines += [
      "memory       \(memoryText)",
      "speed        \(PlanNumber.text(tokensPerSecond)) tokens/s, "
        + "\(PlanNumber.text(tokensPerSecondAndDevice)) a device, "
        + "\(PlanNumber.percent(shareOfPeak)) of the \(scenario.device.commonPeak.precision.rawValue)"
        + " peak (causal, dense, without prediction), bound by \(step.bound.rawValue)",
    ]
    return lines + runLines
  }

  private var runLines: [String] {
    guard let tokens = scenario.tokenCount, let seconds, let deviceHours else {
      return ["run          --tokens N says how long, how much energy and money"]
    }
    let span = timeSpan
    var lines: [String] = [
      "run          \(PlanNumber.text(tokens)) tokens: \(PlanNumber.duration(seconds)) "
        + "(\(PlanNumber.duration(seconds * span.low)) to "
        + "\(PlanNumber.duration(seconds * span.high))), "
        + "\(PlanNumber.text(deviceHours)) device hours"
    ]
    if let kilowattHours {
      lines.append(
        "energy       \(PlanNumber.text(kilowattHours * 1000, unit: "Wh")) at "
          + "\(PlanNumber.text(scenario.device.watts ?? 0)) W a device, without host and cooling"
      )
    }
    if let dollars, let dollarsPerHour {
      lines.append(
        "money        \(PlanNumber.dollars(dollars.value)) (\(PlanNumber.dollars(dollars.low)) to "
          + "\(PlanNumber.dollars(dollars.high))) at \(PlanNumber.dollars(dollarsPerHour)) "
          + "a device hour"
      )
    } else {
      lines.append("money        no price is known: --price USD_PER_HOUR")
    }
    return lines
  }

  private var predictionText: String {
    let count = scenario.model.predictionCount
    guard count > 0 else { return "" }
    let text = PlanNumber.text(Double(count))
    return scenario.trainsPrediction
      ? ", \(text) for multi-token prediction"
      : ", without the \(text) of multi-token prediction"
  }

  private var layoutText: String {
    let replicas = layout.data(scenario.deviceCount)
    let micro = layout.microBatchCount(
      deviceCount: scenario.deviceCount,
      batchRowCount: scenario.batchRowCount
    )
    return "data=\(replicas),\(layout.text); \(micro) micro-batches a replica"
  }

  private var partsText: String {
    let parts: [(String, Double)] = [
      ("products", step.products), ("activations", step.traffic), ("exposed", step.exposed),
      ("bubble", step.bubble), ("optimizer", step.optimizer), ("waiting", step.waiting),
    ]
    return parts.filter { $0.1 > 0 }.map { "\($0.0) \(PlanNumber.duration($0.1))" }
      .joined(separator: ", ")
  }

  private var communicationText: String {
    let parts = communication.parts.map { part in
      "\(part.purpose) \(PlanNumber.bytes(part.byteCount)) by \(part.link.rawValue) "
        + "(\(PlanNumber.duration(part.seconds)))"
    }
    return parts.joined(separator: ", ") + ", a device and step"
  }

  private var memoryText: String {
    let parts = memory.parts.filter { $0.byteCount > 0 }
      .map { "\($0.name) \(PlanNumber.bytes($0.byteCount))" }
    let own = PlanNumber.bytes(scenario.device.memoryByteCount)
    let verdict = fits ? "of \(own)" : "and a device has \(own): it does not fit"
    return "\(PlanNumber.bytes(memory.total)) a device \(verdict): "
      + parts.joined(separator: ", ")
  }
}
