// SPDX-License-Identifier: Apache-2.0

/// A weight as AdamW changes it; every tensor is F32 and of one count.
public struct AdamWState: Sendable {
  /// The weight in full precision.
  public var weight: Tensor
  /// The same as matrix products take it, BF16, or nil where they take `weight` itself.
  public var rounded: Tensor?
  /// Its gradient.
  public var gradient: Tensor
  /// The running mean of gradients.
  public var firstMoment: Tensor
  /// The running mean of their squares.
  public var secondMoment: Tensor

  /// Creates a state.
  public init(
    weight: Tensor,
    rounded: Tensor?,
    gradient: Tensor,
    firstMoment: Tensor,
    secondMoment: Tensor
  ) {
    self.weight = weight
    self.rounded = rounded
    self.gradient = gradient
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
  }
}

/// The numbers of one step of AdamW (arXiv 1711.05101, algorithm 2).
public struct AdamWStep: Sendable, Hashable {
  /// What gradients are multiplied with first.
  public var clip: Float
  /// β1 and 1 − β1.
  public var beta1: Float
  let complement1: Float
  /// β2 and 1 − β2.
  public var beta2: Float
  let complement2: Float
  /// 1 / (1 − β1ᵗ) and 1 / (1 − β2ᵗ).
  let correction1: Float
  let correction2: Float
  /// Added to the root of the second moment.
  public var epsilon: Float
  /// The learning rate.
  public var rate: Float
  /// What the weight is multiplied with: 1 − rate · decay.
  let keep: Float

  /// Creates a step's numbers; each is formed in double precision and rounded once.
  ///
  /// - Parameters:
  ///   - step: Which step, from 1.
  ///   - clip: What gradients are multiplied with.
  ///   - rate: The learning rate.
  ///   - betas: β1 and β2.
  ///   - epsilon: Added to the root of the second moment.
  ///   - decay: The weight decay; 0 for tensors that have none.
  public init(
    step: Int,
    clip: Float,
    rate: Double,
    betas: (Double, Double),
    epsilon: Double,
    decay: Double
  ) {
    self.clip = clip
    beta1 = Float(betas.0)
    complement1 = Float(1 - betas.0)
    beta2 = Float(betas.1)
    complement2 = Float(1 - betas.1)
    correction1 = Float(1 / (1 - Self.power(betas.0, step)))
    correction2 = Float(1 / (1 - Self.power(betas.1, step)))
    self.epsilon = Float(epsilon)
    self.rate = Float(rate)
    keep = Float(1 - rate * decay)
  }

  /// `base` multiplied with itself; by squaring, so that it needs no library's power.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= square }
      square *= square
      left >>= 1
    }
    return result
  }
}
