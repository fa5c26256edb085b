// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference

/// How tokens are chosen; what is not given comes from the model's generation_config.json.
struct SamplingOptions: ParsableArguments {
  @Option(help: "Stop after N tokens.")
  var maxTokens: Int = 256

  @Option(help: "0 takes the likeliest token (default: the model's own, else 0).")
  var temperature: Double?

  @Option(help: "Keep the likeliest tokens whose probabilities reach P.")
  var topP: Double?

  @Option(help: "Keep the K likeliest tokens; 0 keeps all.")
  var topK: Int?

  @Option(help: "Keep tokens with at least P times the likeliest one's probability.")
  var minP: Double?

  @Option(help: "The number that replays a run (default: random; --json prints it).")
  var seed: UInt64?

  @Option(help: ArgumentHelp("End at this text; may be given several times.", valueName: "text"))
  var stop: [String] = []

  @Option(help: "Report log-probabilities of each token and of the N likeliest.")
  var logprobs: Int?

  @Flag(help: "Go on after an end-of-sequence token.")
  var ignoreEos = false

  func validate() throws {
    if let fault = RequestLimits.fault(
      maxTokens: maxTokens,
      temperature: temperature,
      topP: topP,
      topK: topK,
      minP: minP,
      logprobs: logprobs
    ) {
      throw ValidationError("--\(fault.field.replacingUnderscores) \(fault.problem)")
    }
  }
}

/// The ranges of request fields, for options and batch lines alike.
enum RequestLimits {
  /// The first field that is out of its range.
  static func fault(
    maxTokens: Int?,
    temperature: Double?,
    topP: Double?,
    topK: Int?,
    minP: Double?,
    logprobs: Int?
  ) -> (field: String, problem: String)? {
    if let maxTokens, !(0...1 << 24).contains(maxTokens) {
      return ("max_tokens", "is \(maxTokens), but must be 0…16777216")
    }
    if let temperature, !(0...100).contains(temperature) {
      return ("temperature", "is \(temperature), but must be 0…100")
    }
    if let topP, !(topP > 0 && topP <= 1) {
      return ("top_p", "is \(topP), but must be above 0 and at most 1")
    }
    if let topK, topK < 0 { return ("top_k", "is \(topK), but must be 0 or more") }
    if let minP, !(0...1).contains(minP) { return ("min_p", "is \(minP), but must be 0…1") }
    if let logprobs, !(0...1000).contains(logprobs) {
      return ("logprobs", "is \(logprobs), but must be 0…1000")
    }
    return nil
  }
}

extension String {
  /// A field's name as an option's.
  fileprivate var replacingUnderscores: String {
    String(map { $0 == "_" ? "-" : $0 })
  }
}
