// SPDX-License-Identifier: Apache-2.0

public import Compute

/// The settings of AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2).
public struct AdamWSettings: Sendable, Hashable {
  /// β1, the share of the running mean of gradients that is kept.
  public var beta1 = 0.9
  /// β2, the same of their squares.
  public var beta2 = 0.95
  /// Added to the root of the second moment.
  public var epsilon = 1e-8
  /// Weight decay, on tensors of two or more dimensions.
  public var weightDecay = 0.1
  /// The largest gradient norm; larger gradients are scaled down to it.
  public var clip = 1.0

  /// Creates DeepSeek-V3's settings (arXiv 2412.19437, section 4.2).
  public init() {}
}

/// The moments of all parameters and the update that uses them.
public final class AdamW {
  /// The settings.
  public let settings: AdamWSettings
  /// The running means of gradients, in the parameters' layout.
  public let firstMoments: Tensor
  /// The running means of their squares.
  public let secondMoments: Tensor

  /// Allocates moments of zero.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  public init(_ parameters: Parameters, settings: AdamWSettings) throws(ComputeError) {
    self.settings = settings
    firstMoments = try Tensor(zeros: parameters.masters.shape, elementType: .f32)
    secondMoments = try Tensor(zeros: parameters.masters.shape, elementType: .f32)
  }

  /// The global norm of gradients: sums of squares in double precision, tensor by tensor in the order
  /// of their names.
  public static func norm(
    _ gradients: GradientBuffer,
    _ parameters: Parameters,
    device: any Device
  ) -> Double {
    device.sumsOfSquares(parameters.list.map { $0.part(of: gradients.all) })
      .reduce(0, +).squareRoot()
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - parameters: What changes.
  ///   - gradients: Their gradients.
  ///   - norm: The gradients' global norm.
  ///   - number: Which of the steps that changed the weights, from 1.
  ///   - rate: The learning rate.
  ///   - device: What computes.
  public func step(
    _ parameters: Parameters,
    _ gradients: GradientBuffer,
    norm: Double,
    number: Int,
    rate: Double,
    device: any Device
  ) {
    let clip = min(1, settings.clip / (norm + 1e-6))
    for decays in [true, false] {
      let states = parameters.list.filter { $0.decays == decays }.map { parameter in
        AdamWState(
          weight: parameters.master(parameter),
          rounded: parameters.roundedWeight(parameter),
          gradient: parameter.part(of: gradients.all),
          firstMoment: parameter.part(of: firstMoments),
          secondMoment: parameter.part(of: secondMoments)
        )
      }
      let step = AdamWStep(
        step: number,
        clip: Float(clip),
        rate: rate,
        betas: (settings.beta1, settings.beta2),
        epsilon: settings.epsilon,
        decay: decays ? settings.weightDecay : 0
      )
      device.update(states, by: step)
    }
  }
}
