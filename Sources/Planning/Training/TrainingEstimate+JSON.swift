// SPDX-License-Identifier: Apache-2.0

public import JSON

extension TrainingEstimate {
  /// The estimate as one JSON object, named as the command-line contract says.
  public var json: JSONText { .object(modelMembers + workMembers + resultMembers) }

  private var modelMembers: [(String, JSONText)] {
    let model = scenario.model
    let causal = scenario.causalCount.total
    return [
      ("model", .string(model.name)), ("task", .string("train")),
      (
        "parameters",
        .object([
          ("total", .integer(model.parameterCount)), ("active", .integer(model.activeCount)),
          ("mtp", .integer(model.predictionCount)),
        ])
      ),
      ("cache_bytes_per_token", .integer(PlanNumber.whole(model.cacheByteCount()))),
      (
        "flops_per_token",
        .object([
          ("causal", .double(causal)), ("full", .double(scenario.fullCount.total)),
          ("hardware", .double(hardwareOperations)),
          ("mtp", .double(scenario.trainedCount.total - causal)),
        ])
      ),
    ]
  }

  private var workMembers: [(String, JSONText)] {
    [
      ("hardware", .string(scenario.device.name)), ("count", .integer(scenario.deviceCount)),
      ("precision", .string(scenario.precision.rawValue)),
      ("sequence", .integer(scenario.sequenceLength)),
      ("batch", .integer(scenario.batchRowCount)),
      ("tokens", scenario.tokenCount.map(JSONText.double) ?? .null),
      ("layout", .string(layout.text)), ("fits", .boolean(fits)),
      ("memory_bytes", memory.json), ("communication", communication.json),
      ("step", step.json),
    ]
  }

  private var resultMembers: [(String, JSONText)] {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.double) ?? .null }
    let peak = scenario.device.commonPeak
    return [
      ("step_s", .double(step.total)), ("tokens_per_s", .double(tokensPerSecond)),
      ("tokens_per_s_device", .double(tokensPerSecondAndDevice)),
      ("seconds", number(seconds)), ("hours", number(deviceHours)),
      ("energy_kwh", number(kilowattHours)), ("cost_usd", dollars?.json ?? .null),
      (
        "mfu",
        .object([
          ("value", .double(shareOfPeak)), ("peak", .string(peak.precision.rawValue)),
          ("peak_flops", .double(peak.value)),
        ])
      ),
      ("bound", .string(step.bound.rawValue)),
      ("assumptions", .array(assumptions.map(\.json))),
    ]
  }

  /// What the estimate takes for granted.
  public var assumptions: [Assumption] {
    var list: [Assumption] = []
    if scenario.device.kind == .processor {
      list += OwnTrainerRate.calibrated.assumptions
    } else {
      let shares = scenario.efficiencies
      let all = shares.assumptions
      list.append(scenario.device.kind == .withFP8 ? all[0] : all[1])
      if scenario.spansNodes { list.append(all[2]) }
      if scenario.model.hasMixture { list.append(all[3]) }
    }
    list.append(
      Assumption(
        name: "goodput",
        what: "what is left of the time after restarts; 1 counts work alone",
        value: scenario.goodput,
        source: "Llama 3.1 405B had more than 0.9 (arXiv 2407.21783)"
      )
    )
    if let watts = scenario.device.watts {
      list.append(
        Assumption(
          name: "watts",
          what: "watts of a device, all the time, without host and cooling",
          value: watts,
          source: scenario.device.source
        )
      )
    }
    if let dollarsPerHour {
      let price = scenario.device.price
      let source = price.map { "\($0.source), \($0.date)" } ?? ""
      list.append(
        Assumption(
          name: "usd_per_hour",
          what: "US dollars an hour of a device",
          value: dollarsPerHour,
          source: scenario.dollarsPerHour == nil ? source : "given"
        )
      )
    }
    return list
  }
}
