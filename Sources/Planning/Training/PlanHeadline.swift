// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A figure that a reader looks for first, as people read it.
public struct PlanHeadline: Sendable, Hashable {
  /// What it is, in a word.
  public let name: String
  /// The figure.
  public let text: String
  /// Its range, or what it rests on.
  public let detail: String

  /// The headline as one JSON object.
  public var json: JSONText {
    .object([("name", .string(name)), ("text", .string(text)), ("detail", .string(detail))])
  }
}

extension TrainingEstimate {
  /// Time, money, energy, speed and bound; of a step alone where the run's tokens are not known.
  public var headlines: [PlanHeadline] {
    [timeHeadline, moneyHeadline, energyHeadline, speedHeadline, memoryHeadline]
  }

  private var timeHeadline: PlanHeadline {
    guard let seconds, let deviceHours else {
      let text = PlanNumber.duration(step.total)
      return PlanHeadline(name: "A step", text: text, detail: "of \(tokensText) tokens")
    }
    let span = timeSpan
    let low = PlanNumber.duration(seconds * span.low)
    let high = PlanNumber.duration(seconds * span.high)
    return PlanHeadline(
      name: "Time",
      text: PlanNumber.duration(seconds),
      detail: "\(low) to \(high); \(PlanNumber.text(deviceHours)) device hours"
    )
  }

  private var moneyHeadline: PlanHeadline {
    guard let dollars, let dollarsPerHour else {
      let detail = scenario.tokenCount == nil ? "needs the run's tokens" : "no price is known"
      return PlanHeadline(name: "Money", text: "–", detail: detail)
    }
    let (low, high) = (PlanNumber.dollars(dollars.low), PlanNumber.dollars(dollars.high))
    let hour = PlanNumber.dollars(dollarsPerHour)
    return PlanHeadline(
      name: "Money",
      text: PlanNumber.dollars(dollars.value),
      detail: "\(low) to \(high), at \(hour) a device hour"
    )
  }

  private var energyHeadline: PlanHeadline {
    guard let kilowattHours, let watts = scenario.device.watts else {
      let detail = scenario.tokenCount == nil ? "needs the run's tokens" : "no watts are known"
      return PlanHeadline(name: "Energy", text: "–", detail: detail)
    }
    return PlanHeadline(
      name: "Energy",
      text: PlanNumber.text(kilowattHours * 1000, unit: "Wh"),
      detail: "at \(PlanNumber.text(watts)) W a device, without host and cooling"
    )
  }

  private var speedHeadline: PlanHeadline {
    let peak = scenario.device.commonPeak.precision.rawValue
    return PlanHeadline(
      name: "Speed",
      text: "\(PlanNumber.text(tokensPerSecond)) tokens/s",
      detail: "\(PlanNumber.percent(shareOfPeak)) of the \(peak) peak, bound by "
        + step.bound.rawValue
    )
  }

  private var memoryHeadline: PlanHeadline {
    let own = PlanNumber.bytes(scenario.device.memoryByteCount)
    return PlanHeadline(
      name: "Memory",
      text: PlanNumber.bytes(memory.total),
      detail: fits ? "of \(own) a device" : "does not fit: a device has \(own)"
    )
  }

  private var tokensText: String { PlanNumber.text(scenario.tokensPerStep) }
}
