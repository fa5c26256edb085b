// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference

/// How tokens are chosen; what is not given comes from the model's generation_config.json.
struct SamplingOptions: ParsableArguments {
  @Option(help: "Stop after N tokens (default: 256; in chat as many as the context holds).")
  var maxTokens: Int?

  @Option(help: "0 takes the likeliest token (default: the model's own, else 0).")
  var temperature: Double?

  @Option(help: "Keep the likeliest tokens whose probabilities reach P.")
  var topP: Double?

  @Option(help: "Keep the K likeliest tokens; 0 keeps all.")
  var topK: Int?

  @Option(help: "Keep tokens with at least P times the likeliest one's probability.")
  var minP: Double?

  @Option(
    help: "Above 1: tokens of prompt and text get less likely (default: the model's own, else 1)."
  )
  var repetitionPenalty: Double?

  @Option(help: "Above 0: tokens that the text holds get less likely, once.")
  var presencePenalty: Double?

  @Option(help: "Above 0: tokens that the text holds get less likely, each time that they came.")
  var frequencyPenalty: Double?

  @Option(
    help: ArgumentHelp(
      "Add BIAS to the logit of token ID; may be given several times.",
      valueName: "id:bias"
    )
  )
  var logitBias: [TokenBias] = []

  @Option(help: "The number that replays a run (default: random; --json prints it).")
  var seed: UInt64?

  @Option(help: ArgumentHelp("End at this text; may be given several times.", valueName: "text"))
  var stop: [String] = []

  @Option(help: "Report log-probabilities of each token and of the N likeliest.")
  var logprobs: Int?

  @Flag(help: "Go on after an end-of-sequence token.")
  var ignoreEos = false

  func validate() throws {
    if let fault { throw ValidationError("--\(fault.field.replacingUnderscores) \(fault.problem)") }
  }

  /// The first value that is out of its range, named as in JSON.
  var fault: (field: String, problem: String)? {
    if let maxTokens, !(0...1 << 24).contains(maxTokens) {
      return ("max_tokens", "is \(maxTokens), but must be 0…16777216")
    }
    if let topP, !(topP > 0 && topP <= 1) {
      return ("top_p", "is \(topP), but must be above 0 and at most 1")
    }
    if let topK, topK < 0 { return ("top_k", "is \(topK), but must be 0 or more") }
    if let logprobs, !(0...1000).contains(logprobs) {
      return ("logprobs", "is \(logprobs), but must be 0…1000")
    }
    let ranges: [(field: String, value: Double?, range: ClosedRange<Double>)] = [
      ("temperature", temperature, 0...100), ("min_p", minP, 0...1),
      ("repetition_penalty", repetitionPenalty, 0.01...100),
      ("presence_penalty", presencePenalty, -100...100),
      ("frequency_penalty", frequencyPenalty, -100...100),
    ]
    for entry in ranges {
      guard let value = entry.value, !entry.range.contains(value) else { continue }
      let (low, high) = (entry.range.lowerBound.short, entry.range.upperBound.short)
      return (entry.field, "is \(value.short), but must be \(low)…\(high)")
    }
    return nil
  }
}

/// What is added to the logit of one token.
struct TokenBias: ExpressibleByArgument, Hashable {
  var id: Int32
  var bias: Double

  // LIMIT: what OpenAI's API takes; 100 decides about any token.
  private static let range = -100.0...100.0

  init?(id: Int32, bias: Double) {
    guard id >= 0, Self.range.contains(bias) else { return nil }
    (self.id, self.bias) = (id, bias)
  }

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let id = Int32(parts[0]), let bias = Double(parts[1]) else {
      return nil
    }
    self.init(id: id, bias: bias)
  }

  /// As it is written on the command line.
  var text: String { "\(id):\(bias.short)" }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var short: String {
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : "\(self)"
  }
}

extension String {
  /// A field's name as an option's.
  fileprivate var replacingUnderscores: String {
    String(map { $0 == "_" ? "-" : $0 })
  }
}
