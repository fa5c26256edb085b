// SPDX-License-Identifier: Apache-2.0

import Compute
import Models

/// First weights: normal numbers for matrices, ones for norms, zeros for biases.
///
/// DeepSeek-V3 takes a standard deviation of 0.006 for all learnable parameters (arXiv 2412.19437, section
/// 4.2); that norms start at 1 is ours, since the report does not say.
public struct Initialization: Sendable, Hashable {
  /// What the numbers depend on.
  public var seed: UInt64
  /// The standard deviation of matrices.
  public var deviation: Double

  /// Creates an initialization.
  public init(seed: UInt64, deviation: Double) {
    self.seed = seed
    self.deviation = deviation
  }

  // Apart from the purposes of data, which share the seed.
  private static let purpose: UInt32 = 64

  /// Fills all weights; a number depends on the seed, its tensor's place and its own place alone.
  public func fill(_ parameters: Parameters) {
    for (index, parameter) in parameters.list.enumerated() {
      let values: [Float]
      if parameter.role == .norm {
        values = Array(repeating: 1, count: parameter.count)
      } else if parameter.shape.count < 2 {
        values = Array(repeating: 0, count: parameter.count)
      } else {
        values = normals(parameter.count, tensor: index)
      }
      parameters.set(parameter, to: values)
    }
  }

  /// Normal numbers by Box and Muller's method (1958), two of each counter.
  private func normals(_ count: Int, tensor: Int) -> [Float] {
    let philox = Philox(key: seed)
    var values: [Float] = []
    values.reserveCapacity(count + 1)
    for index in 0..<(count + 1) / 2 {
      let words = philox.words(
        SIMD4(
          UInt32(truncatingIfNeeded: index),
          UInt32(truncatingIfNeeded: index >> 32),
          UInt32(truncatingIfNeeded: tensor),
          Self.purpose << 16
        )
      )
      let first = UInt64(words[1]) << 32 | UInt64(words[0])
      let second = UInt64(words[3]) << 32 | UInt64(words[2])
      // In (0, 1]: the logarithm of 0 is no number.
      let radius = (-2 * ElementaryFunctions.log(Double((first >> 11) + 1) * 0x1p-53)).squareRoot()
      let angle = 2 * Double.pi * (Double(second >> 11) * 0x1p-53)
      let (sine, cosine) = ElementaryFunctions.sineAndCosine(angle)
      values.append(Float(radius * cosine * deviation))
      values.append(Float(radius * sine * deviation))
    }
    values.removeLast(values.count - count)
    return values
  }
}
