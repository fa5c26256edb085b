// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Inference

extension LoadedModel {
  /// A request with the command's options; what they leave open comes from the model's files.
  func request(promptIDs: [Int32], _ options: SamplingOptions) -> GenerationRequest {
    let samples = defaults.samples ?? (defaults.temperature != nil)
    let temperature = options.temperature ?? (samples ? defaults.temperature ?? 1 : 0)
    return GenerationRequest(
      promptIDs: promptIDs,
      maxTokens: options.maxTokens ?? 256,
      sampling: SamplingParameters(
        temperature: temperature,
        topK: options.topK ?? (samples ? defaults.topK ?? 0 : 0),
        topP: options.topP ?? (samples ? defaults.topP ?? 1 : 1),
        minP: options.minP ?? (samples ? defaults.minP ?? 0 : 0),
        penalties: LogitPenalties(
          // As transformers does, also where it does not sample.
          repetition: options.repetitionPenalty ?? defaults.repetitionPenalty ?? 1,
          presence: options.presencePenalty ?? 0,
          frequency: options.frequencyPenalty ?? 0,
          bias: Dictionary(options.logitBias.map { ($0.id, $0.bias) }, uniquingKeysWith: { $1 })
        ),
        // Half of the range, so that the number survives every JSON reader.
        seed: options.seed ?? (temperature > 0 ? .random(in: 0..<1 << 53) : 0)
      ),
      stops: options.stop,
      ignoresEndOfSequence: options.ignoreEos,
      topLogProbabilities: options.logprobs
    )
  }
}
