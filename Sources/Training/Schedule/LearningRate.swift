// SPDX-License-Identifier: Apache-2.0

import Compute

/// The learning rate as a function of the step and of the share of the tokens that were seen.
///
/// A linear warm-up from 0, then phases that end at shares of the token budget. DeepSeek-V3 (arXiv
/// 2412.19437, section 4.2): constant to 10 T of 14.8 T tokens, a cosine to a tenth until 14.3 T, constant
/// to 14.633 T, then 7.3e-6 of 2.2e-4. The cosine's exact form is ours.
public struct LearningRate: Sendable, Hashable {
  /// How a phase goes.
  public enum Course: String, Sendable, Hashable, CaseIterable {
    /// At its end's value all along.
    case constant
    /// Half a cosine from the value before to its end's.
    case cosine
    /// A straight line from the value before to its end's.
    case linear
  }

  /// A stretch of the run.
  public struct Phase: Sendable, Hashable {
    /// How it goes.
    public var course: Course
    /// The share of the token budget at which it ends, 0…1.
    public var end: Double
    /// The rate at its end, as a share of the peak.
    public var share: Double

    /// Creates a phase.
    public init(_ course: Course, end: Double, share: Double) {
      self.course = course
      self.end = end
      self.share = share
    }
  }

  /// The largest rate.
  public var peak: Double
  /// How many steps lead up to it.
  public var warmUpSteps: Int
  /// What follows, in order; after the last its end's value stays.
  public var phases: [Phase]

  /// Creates a rate.
  public init(peak: Double, warmUpSteps: Int, phases: [Phase]) {
    self.peak = peak
    self.warmUpSteps = warmUpSteps
    self.phases = phases
  }

  /// DeepSeek-V3's phases in shares of its 14.8 T tokens.
  public static let deepseekV3 = [
    Phase(.constant, end: 0.676, share: 1), Phase(.cosine, end: 0.966, share: 0.1),
    Phase(.constant, end: 0.989, share: 0.1), Phase(.constant, end: 1, share: 0.0332),
  ]

  /// The phases of DeepSeek-V3's supervised fine-tuning: a cosine to a fifth (section 5.1).
  public static let fineTuning = [Phase(.cosine, end: 1, share: 0.2)]

  /// The rate of a step.
  ///
  /// - Parameters:
  ///   - step: Which, from 1.
  ///   - share: The share of the token budget that was seen before it, 0…1.
  /// - Returns: The rate.
  public func rate(step: Int, share: Double) -> Double {
    if step <= warmUpSteps { return peak * (Double(step) / Double(warmUpSteps)) }
    var (start, value) = (0.0, 1.0)
    for phase in phases {
      if share < phase.end {
        return peak * phase.value(at: (share - start) / (phase.end - start), from: value)
      }
      (start, value) = (phase.end, phase.share)
    }
    return peak * value
  }
}

extension LearningRate.Phase {
  /// The share of the peak at a place within the phase, 0…1.
  fileprivate func value(at place: Double, from start: Double) -> Double {
    switch course {
    case .constant: share
    case .linear: start + (share - start) * place
    case .cosine:
      share + 0.5 * (start - share)
        * (1 + ElementaryFunctions.sineAndCosine(Double.pi * place).cosine)
    }
  }
}
