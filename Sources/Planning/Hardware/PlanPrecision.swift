// SPDX-License-Identifier: Apache-2.0

/// What matrix products of a plan take, and how many bytes a parameter takes with it.
public enum PlanPrecision: String, Sendable, Hashable, CaseIterable {
  /// FP32 throughout.
  case f32
  /// BF16 products with FP32 masters.
  case bf16
  /// FP8 products with FP32 masters and BF16 moments (DeepSeek-V3, section 3.3).
  case fp8

  /// What products take where nobody says: as the model was published, if the device can do that.
  public static func usual(for model: PlannedModel, on device: Accelerator) -> PlanPrecision {
    if model.isPublishedInFP8, device.peaks[.fp8] != nil { return .fp8 }
    return device.peaks[.bf16] != nil ? .bf16 : .f32
  }

  /// Bytes of a weight that products read.
  public var weightByteCount: Double {
    switch self {
    case .f32: 4
    case .bf16: 2
    case .fp8: 1
    }
  }

  /// Bytes of a gradient; V3 keeps them in FP32 for accumulation, and so do the others here.
  public var gradientByteCount: Double { 4 }

  /// Bytes of master and both moments (costs.md 3.3: 4 + 2 + 2 in V3, the classic 12; FP32 weights are
  /// their own masters).
  public var optimizerByteCount: Double {
    switch self {
    case .f32: 8
    case .bf16: 12
    case .fp8: 8
    }
  }

  /// Bytes of an activation that stays between operations.
  public var activationByteCount: Double { self == .f32 ? 4 : 2 }

  /// Bytes of a token's number sent to an expert; in FP8 with a scale of 4 bytes for 128 numbers.
  public var dispatchByteCount: Double { self == .fp8 ? 1 + 4.0 / 128 : activationByteCount }
}
