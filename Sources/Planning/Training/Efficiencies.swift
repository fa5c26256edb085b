// SPDX-License-Identifier: Apache-2.0

/// What a plan assumes and does not derive: four shares that are fitted on published runs, the same for
/// all of a kind, and others that someone published.
///
/// The four are the only knobs. Where they come from and how well they predict runs that they were not
/// fitted on is `hadal plan --check`, and Documentation/PlanCheck.md.
public struct Efficiencies: Sendable, Hashable {
  /// The share of the peak that matrix kernels reach on accelerators with FP8.
  public var newKernels: Double
  /// The same on those before.
  public var oldKernels: Double
  /// What is left of a node's speed where many nodes work together: stragglers, communication that is
  /// meant to be hidden and is not, input.
  public var cluster: Double
  /// What is left of kernels' speed where experts are routed: small products, uneven load, exchange.
  public var mixture: Double

  /// What is left of a run's time after restarts.
  ///
  /// "More than 90 %" in 54 days of Llama 3.1 405B (arXiv 2407.21783, section 3.3.4).
  public static let goodput = 0.9

  /// How often a byte of a kept activation passes the memory in a step.
  ///
  /// It is written and read in the forward pass, read once more in the backward pass, and its gradient
  /// is written and read. Ours.
  public static let activationPasses = 5.0

  /// Bytes of logits a token and id that pass the memory.
  ///
  /// Written as FP32, read for the loss, and replaced by BF16 gradients. Ours.
  public static let logitByteCount = 10.0

  /// The share of its measured peak at which a processor computes prompts and answers.
  ///
  /// Ours, from training runs of BENCHMARKS.md.
  public static let ownKernels = 0.65

  /// The values that `EfficiencyFit` finds on `TrainingRecords`.
  public static let fitted = Efficiencies(
    newKernels: 0.5655,
    oldKernels: 0.7182,
    cluster: 0.6925,
    mixture: 0.6631
  )

  /// Takes four shares, each above 0 and at most 1.
  public init(newKernels: Double, oldKernels: Double, cluster: Double, mixture: Double) {
    self.newKernels = newKernels
    self.oldKernels = oldKernels
    self.cluster = cluster
    self.mixture = mixture
  }

  /// The share of the peak for a kind of device.
  public func kernels(_ kind: Accelerator.Kind) -> Double {
    switch kind {
    case .withFP8: newKernels
    case .beforeFP8: oldKernels
    case .processor: Self.ownKernels
    }
  }

  /// The four as a list, to be fitted.
  var list: [Double] {
    get { [newKernels, oldKernels, cluster, mixture] }
    set {
      (newKernels, oldKernels) = (newValue[0], newValue[1])
      (cluster, mixture) = (newValue[2], newValue[3])
    }
  }

  /// Names of the four, in the order of `list`, with what each is.
  static let names: [(name: String, what: String)] = [
    ("kernels_with_fp8", "share of the peak that matrix kernels reach on accelerators with FP8"),
    ("kernels_before_fp8", "share of the peak that matrix kernels reach on those before FP8"),
    ("cluster", "what is left of a node's speed where many nodes work together"),
    ("mixture", "what is left of kernels' speed where experts are routed"),
  ]

  /// The four as assumptions of a plan.
  public var assumptions: [Assumption] {
    zip(Self.names, list).map { name, value in
      Assumption(
        name: name.name,
        what: name.what,
        value: value,
        source: "fitted on the published runs (hadal plan --check)"
      )
    }
  }
}
