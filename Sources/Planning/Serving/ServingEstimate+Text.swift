// SPDX-License-Identifier: Apache-2.0

extension ServingEstimate {
  /// The estimate for people, one line a subject.
  public var lines: [String] {
    let model = scenario.model
    let batch = PlanNumber.text(decode.batch)
    var lines: [String] = [
      "model        \(model.name): \(PlanNumber.text(Double(model.parameterCount))) parameters, "
        + "\(PlanNumber.text(Double(model.activeCount))) active",
      "hardware     \(scenario.deviceCount) × \(scenario.device.title), "
        + "\(scenario.precision.rawValue)",
      "memory       weights \(PlanNumber.bytes(memory.weights)) a device; cache "
        + "\(PlanNumber.bytes(model.cacheByteCount())) a token, "
        + "\(PlanNumber.bytes(cacheByteCountPerUser)) a user",
      "prompts      \(PlanNumber.text(prefillTokensPerSecond)) tokens/s a device, "
        + "\(PlanNumber.text(inputTokensPerSecond)) with "
        + "\(PlanNumber.percent(scenario.hitShare)) from a cache",
      "answers      \(PlanNumber.text(decodeTokensPerSecond)) tokens/s a device: \(batch) requests "
        + "a device at \(PlanNumber.text(speed)) tokens/s a user",
      "step         \(PlanNumber.duration(decode.total)): memory "
        + "\(PlanNumber.duration(decode.memory)), products \(PlanNumber.duration(decode.compute)), "
        + "exchange \(PlanNumber.duration(decode.exchange)); bound by \(bound.rawValue)",
    ]
    if let miss = dollarsPerMillion(prefillTokensPerSecond),
      let input = dollarsPerMillion(inputTokensPerSecond),
      let output = dollarsPerMillion(decodeTokensPerSecond)
    {
      lines.append(
        "cost         a million tokens: input \(PlanNumber.dollars(input)) "
          + "(\(PlanNumber.dollars(miss)) without cache), output \(PlanNumber.dollars(output)), "
          + "never idle"
      )
    }
    if let list = scenario.listPrice, let margin {
      lines.append(
        "price        a million tokens: input \(PlanNumber.dollars(list.miss)), from a cache "
          + "\(list.hit.map(PlanNumber.dollars) ?? "the same"), output "
          + "\(PlanNumber.dollars(list.output)) (\(list.date)): "
          + "\(PlanNumber.signedPercent(margin)) over cost"
      )
    }
    return lines
  }
}
