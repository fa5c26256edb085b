// SPDX-License-Identifier: Apache-2.0

import Inference
import Models
import Tokenization

/// Continues a recipe's prompts with the weights as they are, by the code that answers users.
struct RunSampler {
  /// What the prompts became.
  struct Outcome {
    /// The texts, in the prompts' order.
    var texts: [String]
    var promptTokenCount: Int
    var tokenCount: Int
  }

  /// When, and what is continued.
  let samples: Recipe.Samples
  private let generator: Generator
  private let requests: [GenerationRequest]

  /// Prepares the prompts.
  ///
  /// - Throws: `TokenizationError` or `ModelError` where one cannot be continued, before anything is
  ///   written.
  init(
    _ samples: Recipe.Samples,
    decoder: Decoder,
    tokenizer: Tokenizer,
    seed: UInt64
  ) throws {
    self.samples = samples
    let architecture = decoder.architecture
    generator = Generator(
      decoder: decoder,
      tokenizer: tokenizer,
      endIDs: Set(architecture.endOfSequenceIDs),
      contextLength: architecture.contextLength,
      prefillChunk: 256
    )
    requests = try samples.prompts.map { prompt in
      GenerationRequest(
        promptIDs: try tokenizer.encode(prompt),
        maxTokens: samples.tokenCount,
        sampling: SamplingParameters(temperature: samples.temperature, seed: seed)
      )
    }
    for request in requests { try generator.validate(request) }
  }

  /// Continues all prompts.
  ///
  /// - Throws: `ModelError` where the weights give no finite logits.
  func run() throws -> Outcome {
    let completions = try generator.complete(requests, maxBatch: 8).map { try $0.get() }
    return Outcome(
      texts: completions.map(\.text),
      promptTokenCount: requests.reduce(0) { $0 + $1.promptIDs.count },
      tokenCount: completions.reduce(0) { $0 + $1.ids.count }
    )
  }
}
