// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Planning

/// What `plan --task serve` takes besides.
struct ServingOptions: ParsableArguments {
  @Option(help: "Tokens of a prompt in the mean.")
  var prompt = 4096

  @Option(help: "Tokens of an answer in the mean.")
  var answer = 1024

  @Option(help: "The share of prompts that a cache has, from 0 to below 1.")
  var hits = 0.0

  @Option(help: "Tokens a second that a user shall get at least.")
  var speed = 20.0

  @Option(help: "Tokens of a draft that are accepted a step in the mean, 0 without drafts.")
  var accepted = 0.0

  @Option(
    help: ArgumentHelp(
      "US dollars users pay for a million tokens: input, input from a cache, output.",
      valueName: "in,hit,out"
    )
  )
  var charge: String?

  func validate() throws {
    guard (1...1 << 24).contains(prompt), (1...1 << 24).contains(answer) else {
      throw ValidationError("--prompt and --answer must be 1…16777216")
    }
    guard hits >= 0, hits < 1 else {
      throw ValidationError("--hits is \(hits), but must be from 0 to below 1")
    }
    guard speed > 0, speed <= 1e6 else {
      throw ValidationError("--speed is \(speed), but must be above 0 and at most 1000000")
    }
    guard accepted >= 0, accepted <= 16 else {
      throw ValidationError("--accepted is \(accepted), but must be 0…16")
    }
    _ = try listPrice()
  }

  private func listPrice() throws -> ListPrice? {
    guard let charge else { return nil }
    let values = charge.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard values.count == 3, let miss = values[0], let hit = values[1], let output = values[2],
      [miss, hit, output].allSatisfy({ $0.isFinite && $0 >= 0 && $0 <= 1e6 })
    else {
      throw ValidationError(
        "--charge is '\(charge)', but must be three prices such as 0.55,0.14,2.19"
      )
    }
    return ListPrice(
      model: "",
      hit: hit,
      miss: miss,
      output: output,
      date: "given",
      source: "given"
    )
  }

  /// The question that the options ask.
  func scenario(
    _ model: PlannedModel,
    device: Accelerator,
    deviceCount: Int?,
    precision: PlanPrecision,
    price: Double?
  ) throws -> ServingScenario {
    let context = Double(prompt) + Double(answer) / 2
    return ServingScenario(
      model: model,
      device: device,
      deviceCount: deviceCount
        ?? ServingScenario.smallestDeviceCount(model, device, precision, context: context),
      precision: precision,
      promptLength: Double(prompt),
      answerLength: Double(answer),
      hitShare: hits,
      speed: speed,
      acceptance: accepted,
      dollarsPerHour: price,
      listPrice: try listPrice()
    )
  }
}
