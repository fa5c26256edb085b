// SPDX-License-Identifier: Apache-2.0

import Compute
import Foundation
import Models
import Testing

@Suite struct RotaryScalingTests {
  private func rule(
    dimension: Int,
    _ changes: [String: String]
  ) throws -> RotaryRule {
    let text = ModelFixtures.llama(changes.merging(["head_dim": "\(dimension)"]) { $1 })
    return try ModelFixtures.architecture(parsing: text).rotary
  }

  private func expect(_ found: Double, _ expected: Double, _ relative: Double = 1e-8) {
    #expect(abs(found - expected) <= relative * expected, "\(found) against \(expected)")
  }

  @Test func `no scaling gives powers of the base`() throws {
    for scaling in ["null", #"{"type": "default"}"#, #"{"rope_type": "default"}"#] {
      let plain = try rule(dimension: 64, ["rope_theta": "50000", "rope_scaling": scaling])
      for (pair, frequency) in plain.inverseFrequencies.enumerated() {
        expect(frequency, Foundation.pow(50000, -Double(pair) / 32), 1e-14)
      }
      #expect(plain.factor == 1 && plain.lengthLimit == nil && plain.layout == .halfSplit)
    }
  }

  @Test func `the new spelling wins over the old`() throws {
    let new = try rule(
      dimension: 4,
      [
        "rope_theta": "100", "rope_scaling": #"{"type": "spiral"}"#,
        "rope_parameters": #"{"rope_theta": 10000.0}"#,
      ]
    )
    expect(new.inverseFrequencies[1], 0.01, 1e-14)
  }

  @Test func `linear scaling divides`() throws {
    let linear = try rule(dimension: 4, ["rope_scaling": #"{"type": "linear", "factor": 4}"#])
    expect(linear.inverseFrequencies[0], 0.25, 1e-14)
    expect(linear.inverseFrequencies[1], 0.0025, 1e-14)
  }

  @Test func `dynamic scaling changes nothing up to the context length`() throws {
    let dynamic = try rule(dimension: 4, ["rope_scaling": #"{"type": "dynamic", "factor": 2.0}"#])
    #expect(dynamic.lengthLimit == 32)
    expect(dynamic.inverseFrequencies[1], 0.01, 1e-14)
  }

  @Test func `Llama 3.1's frequencies are the published ones`() throws {
    let scaling = """
      {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, \
      "original_max_position_embeddings": 8192, "rope_type": "llama3"}
      """
    let scaled = try rule(dimension: 128, ["rope_theta": "500000", "rope_scaling": scaling])
    let expected = [
      28: 0.00321144611, 29: 0.00216657063, 30: 0.00137189368, 31: 0.00085675146,
      32: 0.000524846022, 33: 0.00031269365, 34: 0.000178507791, 35: 9.55621217e-05,
      63: 3.06892588e-07,
    ]
    // The reference computed in FP32.
    for (pair, value) in expected { expect(scaled.inverseFrequencies[pair], value, 2e-6) }
  }

  @Test func `YaRN's frequencies are the published ones`() throws {
    let scaling = """
      {"type": "yarn", "factor": 40, "original_max_position_embeddings": 4096, \
      "beta_fast": 32, "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 0.707}
      """
    let scaled = try rule(dimension: 64, ["rope_scaling": scaling])
    let expected = [
      0: 1, 10: 0.0562341325, 11: 0.0390069266, 12: 0.0268793601, 16: 0.0055, 22: 0.000177827941,
      23: 3.33380358e-05, 31: 3.33380358e-06,
    ]
    for (pair, value) in expected { expect(scaled.inverseFrequencies[pair], value, 1e-7) }
    expect(scaled.factor, 1.3688879454113936 / 1.2608037774058554, 1e-14)
  }

  @Test(
    arguments: zip(
      ["", #", "mscale": 0.5"#, #", "attention_factor": 1.5, "mscale": 1, "mscale_all_dim": 2"#],
      [1.1386294361119891, 1.1386294361119891, 1.5]
    )
  )
  func `YaRN's factor is explicit, a ratio, or of the stretch`(
    _ fields: String,
    _ factor: Double
  ) throws {
    let scaling = #"{"rope_type": "yarn", "factor": 4.0\#(fields)}"#
    expect(try rule(dimension: 8, ["rope_scaling": scaling]).factor, factor, 1e-14)
  }
}
