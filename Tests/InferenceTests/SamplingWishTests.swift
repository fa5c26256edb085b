// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Inference
import Testing

/// What is left open, filled from the model's files.
@Suite struct SamplingWishTests {
  private static var defaults: GenerationDefaults {
    var defaults = GenerationDefaults()
    (defaults.temperature, defaults.topP, defaults.topK) = (0.6, 0.95, 20)
    (defaults.minP, defaults.repetitionPenalty) = (0.05, 1.1)
    return defaults
  }

  @Test func `files that say nothing make a greedy run, whose seed is 0`() {
    let parameters = SamplingWish().parameters(GenerationDefaults())
    #expect(parameters == SamplingParameters())
  }

  @Test func `files that name a temperature are followed unless they forbid sampling`() {
    var defaults = Self.defaults
    let parameters = SamplingWish(seed: 7).parameters(defaults)
    #expect(
      parameters
        == SamplingParameters(
          temperature: 0.6,
          topK: 20,
          topP: 0.95,
          minP: 0.05,
          penalties: LogitPenalties(repetition: 1.1),
          seed: 7
        )
    )
    defaults.samples = false
    let greedy = SamplingWish().parameters(defaults)
    #expect(greedy == SamplingParameters(penalties: LogitPenalties(repetition: 1.1)))
    var silent = GenerationDefaults()
    silent.samples = true
    #expect(SamplingWish().parameters(silent).temperature == 1)
  }

  @Test func `what is said wins over the files`() {
    let wish = SamplingWish(
      temperature: 1.5,
      topK: 3,
      topP: 0.5,
      minP: 0.1,
      repetitionPenalty: 1,
      presencePenalty: 0.5,
      frequencyPenalty: 0.25,
      bias: [3: -1],
      seed: 11
    )
    let penalties = LogitPenalties(presence: 0.5, frequency: 0.25, bias: [3: -1])
    #expect(
      wish.parameters(Self.defaults)
        == SamplingParameters(
          temperature: 1.5,
          topK: 3,
          topP: 0.5,
          minP: 0.1,
          penalties: penalties,
          seed: 11
        )
    )
  }

  @Test func `a seed that is left open is drawn where anything is, from half the range`() {
    let seeds = (0..<8).map { _ in SamplingWish(temperature: 1).parameters(Self.defaults).seed }
    #expect(Set(seeds).count > 1 && seeds.allSatisfy { $0 < 1 << 53 })
    #expect(SamplingWish(temperature: 0).parameters(Self.defaults).seed == 0)
  }
}
