// SPDX-License-Identifier: Apache-2.0

public import JSON

extension ServingEstimate {
  /// The estimate as one JSON object; names are those of training where both have a figure.
  public var json: JSONText { .object(modelMembers + speedMembers + priceMembers) }

  private var forwardOperations: Double {
    2 * Double(scenario.model.metCount)
      + scenario.model.attentionOperations(
        sequenceLength: scenario.promptLength,
        isCausal: true
      )
  }

  private var modelMembers: [(String, JSONText)] {
    let model = scenario.model
    let decoding =
      2 * Double(model.metCount) + model.decodeOperations(context: scenario.meanContext)
    return [
      ("model", .string(model.name)), ("task", .string("serve")),
      (
        "parameters",
        .object([
          ("total", .integer(model.parameterCount)), ("active", .integer(model.activeCount)),
        ])
      ),
      ("cache_bytes_per_token", .integer(PlanNumber.whole(model.cacheByteCount()))),
      (
        "flops_per_token",
        .object([("prefill", .double(forwardOperations)), ("decode", .double(decoding))])
      ),
      ("hardware", .string(scenario.device.name)), ("count", .integer(scenario.deviceCount)),
      ("precision", .string(scenario.precision.rawValue)),
    ]
  }

  private var speedMembers: [(String, JSONText)] {
    let cache = decode.batch * cacheByteCountPerUser
    return [
      (
        "memory_bytes",
        .object([
          ("weights", .double(memory.weights)), ("cache", .double(cache)),
          ("total", .double(memory.weights + cache)),
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
    ]
  }

  private var priceMembers: [(String, JSONText)] {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.double) ?? .null }
    let peak = scenario.device.commonPeak
    let share = prefillTokensPerSecond * forwardOperations / peak.value
    let list = scenario.listPrice.map { list in
      JSONText.object([
        ("input_hit", number(list.hit)), ("input_miss", .double(list.miss)),
        ("output", .double(list.output)), ("date", .string(list.date)),
      ])
    }
    return [
      (
        "usd_per_million",
        .object([
          ("input_miss", number(dollarsPerMillion(prefillTokensPerSecond))),
          ("input", number(dollarsPerMillion(inputTokensPerSecond))),
          ("output", number(dollarsPerMillion(decodeTokensPerSecond))),
        ])
      ),
      ("list_price", list ?? .null), ("margin", number(margin)),
      (
        "mfu",
        .object([
          ("value", .double(share)), ("peak", .string(peak.precision.rawValue)),
          ("peak_flops", .double(peak.value)),
        ])
      ),
      ("bound", .string(bound.rawValue)), ("assumptions", .array(assumptions.map(\.json))),
    ]
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
}
