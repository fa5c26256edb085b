// SPDX-License-Identifier: Apache-2.0

/// The scaling of Llama 3.1: long waves are stretched, short ones kept, with a ramp between.
struct Llama3Fields {
  private let factor: Double
  private let low: Double
  private let high: Double
  private let originalLength: Double

  init(_ fields: ConfigurationReader) throws(ModelError) {
    factor = try RotaryScaling.factor(fields)
    low = try fields.number("low_freq_factor", in: 1e-6...1e6)
    high = try fields.number("high_freq_factor", in: 1e-6...1e6)
    originalLength = try fields.number("original_max_position_embeddings", in: 1...0x1p30)
    guard low < high else {
      throw fields.error(
        .badNumber(found: "\(high)", expected: "more than 'low_freq_factor', \(low)"),
        "high_freq_factor"
      )
    }
  }

  func scaled(_ frequency: Double) -> Double {
    let wavelength = 2 * Double.pi / frequency
    if wavelength < originalLength / high { return frequency }
    if wavelength > originalLength / low { return frequency / factor }
    let smooth = (originalLength / wavelength - low) / (high - low)
    return (1 - smooth) * frequency / factor + smooth * frequency
  }
}
