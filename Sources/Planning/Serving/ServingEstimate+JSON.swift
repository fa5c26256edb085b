// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import JSON

extension ServingEstimate {
  /// The estimate as one JSON object; names are those of training where both have a figure.
  public var json: JSONText {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.double) ?? .null }
    let model = scenario.model
    let forward =
      2 * Double(model.metCount)
      + model.attentionOperations(sequenceLength: scenario.promptLength, isCausal: true)
    let peak = scenario.device.commonPeak
    return .object([
      ("model", .string(model.name)), ("task", .string("serve")),
      (
        "parameters",
        .object([
          ("total", .integer(model.parameterCount)), ("active", .integer(model.activeCount)),
        ])
      ),
      ("cache_bytes_per_token", .integer(Int(model.cacheByteCount().rounded()))),
      (
        "flops_per_token",
        .object([
          ("prefill", .double(forward)),
          (
            "decode",
            .double(
              2 * Double(model.metCount) + model.decodeOperations(context: scenario.meanContext)
            )
          ),
        ])
      ),
      ("hardware", .string(scenario.device.name)), ("count", .integer(scenario.deviceCount)),
      ("precision", .string(scenario.precision.rawValue)),
      (
        "memory_bytes",
        .object([
          ("weights", .double(memory.weights)),
          ("cache", .double(decode.batch * cacheByteCountPerUser)),
          ("total", .double(memory.weights + decode.batch * cacheByteCountPerUser)),
        ])
      ),
      ("batch", .double(decode.batch)), ("cache_bytes_user", .double(cacheByteCountPerUser)),
      ("step_s", .double(decode.total)),
      (
        "decode",
        .object([
          ("memory_s", .double(decode.memory)), ("compute_s", .double(decode.compute)),
          ("exchange_s", .double(decode.exchange)), ("tokens_s_user", .double(speed)),
          ("tokens_s_device", .double(decodeTokensPerSecond)),
        ])
      ),
      (
        "prefill",
        .object([
          ("tokens_s_device", .double(prefillTokensPerSecond)),
          ("tokens_s_device_with_hits", .double(inputTokensPerSecond)),
        ])
      ),
      (
        "usd_per_million",
        .object([
          ("input_miss", number(dollarsPerMillion(prefillTokensPerSecond))),
          ("input", number(dollarsPerMillion(inputTokensPerSecond))),
          ("output", number(dollarsPerMillion(decodeTokensPerSecond))),
        ])
      ),
      (
        "list_price",
        scenario.listPrice.map { list in
          .object([
            ("input_hit", number(list.hit)), ("input_miss", .double(list.miss)),
            ("output", .double(list.output)), ("date", .string(list.date)),
          ])
        } ?? .null
      ),
      ("margin", number(margin)),
      (
        "mfu",
        .object([
          ("value", .double(prefillTokensPerSecond * forward / peak.value)),
          ("peak", .string(peak.precision.rawValue)), ("peak_flops", .double(peak.value)),
        ])
      ),
      ("bound", .string(bound.rawValue)),
      ("assumptions", .array(assumptions.map(\.json))),
    ])
  }

  /// What the estimate takes for granted.
  public var assumptions: [Assumption] {
    let all = scenario.efficiencies.assumptions
    var list = [scenario.device.kind == .withFP8 ? all[0] : all[1]]
    if scenario.spansNodes { list.append(all[2]) }
    if scenario.model.hasMixture { list.append(all[3]) }
    if let dollarsPerHour {
      let price = scenario.device.price
      list.append(
        Assumption(
          name: "usd_per_hour",
          what: "US dollars an hour of a device",
          value: dollarsPerHour,
          source: scenario.dollarsPerHour == nil
            ? price.map { "\($0.source), \($0.date)" } ?? "" : "given"
        )
      )
    }
    return list
  }

  /// The estimate for people, one line a subject.
  public var lines: [String] {
    let model = scenario.model
    let batch = PlanNumber.text(decode.batch)
    var lines = [
      "model        \(model.name): \(PlanNumber.text(Double(model.parameterCount))) parameters, "
        + "\(PlanNumber.text(Double(model.activeCount))) active",
      "hardware     \(scenario.deviceCount) × \(scenario.device.title), "
        + "\(scenario.precision.rawValue)",
      "memory       weights \(ByteCount.text(Int(memory.weights))) a device; cache "
        + "\(ByteCount.text(Int(model.cacheByteCount()))) a token, "
        + "\(ByteCount.text(Int(cacheByteCountPerUser))) a user",
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
