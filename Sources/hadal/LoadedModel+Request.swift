// SPDX-License-Identifier: Apache-2.0

import Inference

extension LoadedModel {
  /// A request with the command's options; what they leave open comes from the model's files.
  func request(promptIDs: [Int32], _ options: SamplingOptions) -> GenerationRequest {
    let wish = SamplingWish(
      temperature: options.temperature,
      topK: options.topK,
      topP: options.topP,
      minP: options.minP,
      repetitionPenalty: options.repetitionPenalty,
      presencePenalty: options.presencePenalty,
      frequencyPenalty: options.frequencyPenalty,
      bias: Dictionary(options.logitBias.map { ($0.id, $0.bias) }, uniquingKeysWith: { $1 }),
      seed: options.seed
    )
    return GenerationRequest(
      promptIDs: promptIDs,
      maxTokens: options.maxTokens ?? 256,
      sampling: wish.parameters(defaults),
      stops: options.stop,
      ignoresEndOfSequence: options.ignoreEos,
      topLogProbabilities: options.logprobs
    )
  }
}
