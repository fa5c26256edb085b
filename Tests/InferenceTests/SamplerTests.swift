// SPDX-License-Identifier: Apache-2.0

import Inference
import TestSupport
import Testing

/// The sampler's choices against the probabilities that its parameters leave.
@Suite struct SamplerTests {
  private let logits: [Float] = [0, 1, 2, 3, 3, -1]

  private func frequencies(_ parameters: SamplingParameters, draws: Int = 20_000) -> [Double] {
    var counts = [Double](repeating: 0, count: logits.count)
    var sampler = Sampler(parameters)
    for position in 0..<draws {
      counts[Int(sampler.choose(logits.span, position: position))] += 1
    }
    return counts.map { $0 / Double(draws) }
  }

  @Test func `temperature 0 takes the largest logit, of equals the lowest id`() {
    var sampler = Sampler(SamplingParameters())
    let chosen = sampler.choose(logits.span, position: 0)
    #expect(chosen == 3)
  }

  @Test func `the same seed and position give the same token whatever came before`() {
    var sampler = Sampler(SamplingParameters(temperature: 1, seed: 42))
    let forward = (0..<50).map { sampler.choose(logits.span, position: $0) }
    let backward = (0..<50).reversed().map { sampler.choose(logits.span, position: $0) }
    #expect(forward == backward.reversed())
    #expect(Set(forward).count > 1)
  }

  @Test func `frequencies are the softmax of the logits over the temperature`() {
    for temperature in [0.5, 1, 2] {
      let weights = logits.map { ElementaryExp.of(Double($0) / temperature) }
      let total = weights.reduce(0, +)
      let seen = frequencies(SamplingParameters(temperature: temperature, seed: 1))
      for (got, weight) in zip(seen, weights) {
        let p = weight / total
        // Five standard deviations of a frequency in 20,000 draws.
        #expect(abs(got - p) <= 5 * (p * (1 - p) / 20_000).squareRoot() + 1e-9)
      }
    }
  }

  @Test func `top-k, top-p and min-p keep what they say`() {
    let k = frequencies(SamplingParameters(temperature: 1, topK: 2, seed: 2))
    #expect(k.enumerated().filter { $0.element > 0 }.map(\.offset) == [3, 4])
    // Shares are 0.37, 0.37, 0.14, …: 0.8 needs the first three.
    let p = frequencies(SamplingParameters(temperature: 1, topP: 0.8, seed: 3))
    #expect(p.enumerated().filter { $0.element > 0 }.map(\.offset) == [2, 3, 4])
    // e^-1 = 0.368 of the best is kept, e^-2 is not.
    let m = frequencies(SamplingParameters(temperature: 1, minP: 0.3, seed: 4))
    #expect(m.enumerated().filter { $0.element > 0 }.map(\.offset) == [2, 3, 4])
    let one = frequencies(SamplingParameters(temperature: 1, topP: 1e-9, seed: 5), draws: 100)
    #expect(one[3] == 1)
  }
}

private enum ElementaryExp {
  static func of(_ x: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    for k in 1...60 {
      term *= x / Double(k)
      sum += term
    }
    return sum
  }
}
