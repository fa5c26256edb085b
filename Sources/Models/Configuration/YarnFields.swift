// SPDX-License-Identifier: Apache-2.0

import Compute

/// YaRN's scaling (arXiv 2309.00071, in the form of DeepSeek-V2's and V3's published code).
struct YarnFields {
  private let stretch: Double
  private let originalLength: Double
  private let fastRotations: Double
  private let slowRotations: Double
  /// What cosine and sine are multiplied with.
  let factor: Double
  /// What the softmax scale of latent attention is multiplied with twice.
  let latentScaleCorrection: Double

  init(_ fields: ConfigurationReader, model: ConfigurationReader) throws(ModelError) {
    stretch = try RotaryScaling.factor(fields)
    let length = "original_max_position_embeddings"
    originalLength =
      if fields.has(length) {
        try fields.number(length, in: 1...0x1p30)
      } else {
        try model.number("max_position_embeddings", in: 1...0x1p30)
      }
    fastRotations = try fields.number("beta_fast", default: 32, in: 1e-6...1e6)
    slowRotations = try fields.number("beta_slow", default: 1, in: 1e-6...1e6)
    guard try fields.flag("truncate", default: true) else {
      throw fields.error(.unsupportedOption("false"), "truncate")
    }
    let scale = try fields.number("mscale", default: 0, in: 0...1e3)
    let scaleOfAll = try fields.number("mscale_all_dim", default: 0, in: 0...1e3)
    if fields.has("attention_factor") {
      factor = try fields.number("attention_factor", in: 1e-6...1e6)
    } else if scale != 0, scaleOfAll != 0 {
      factor = Self.magnitude(stretch, scale) / Self.magnitude(stretch, scaleOfAll)
    } else {
      factor = Self.magnitude(stretch, 1)
    }
    latentScaleCorrection = scaleOfAll == 0 ? 1 : Self.magnitude(stretch, scaleOfAll)
  }

  /// `m(s, k)`: 1 where nothing is stretched, else `0.1 k ln s + 1`.
  private static func magnitude(_ stretch: Double, _ scale: Double) -> Double {
    stretch <= 1 ? 1 : 0.1 * scale * ElementaryFunctions.log(stretch) + 1
  }

  func scaled(_ frequencies: [Double], dimension: Int, base: Double) -> [Double] {
    /// The pair that turns `rotations` times within the original length.
    func pair(turning rotations: Double) -> Double {
      Double(dimension)
        * ElementaryFunctions.log(originalLength / (2 * Double.pi * rotations))
        / (2 * ElementaryFunctions.log(base))
    }
    let low = max(pair(turning: fastRotations).rounded(.down), 0)
    var high = min(pair(turning: slowRotations).rounded(.up), Double(dimension - 1))
    if low == high { high += 0.001 }
    return frequencies.enumerated().map { index, frequency in
      let ramp = min(max((Double(index) - low) / (high - low), 0), 1)
      return frequency / stretch * ramp + frequency * (1 - ramp)
    }
  }
}
