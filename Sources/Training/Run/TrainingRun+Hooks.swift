// SPDX-License-Identifier: Apache-2.0

extension TrainingRun {
  /// What a run is told from outside.
  public struct Hooks {
    /// Whether to go on; asked once a step.
    public var isWanted: () -> Bool
    /// Hears of each step.
    public var stepped: (StepMetrics) -> Void
    /// Hears of each checkpoint, and for how many seconds the run waited for it.
    public var saved: (String, Double) -> Void
    /// Hears of each sample.
    public var sampled: (RunReport.Sample) -> Void
    /// Hears what a person should know.
    public var noticed: (String) -> Void
    /// Is told of each place at which a test may kill the process.
    public var crash: @Sendable (CrashPoint) -> Void

    /// Creates hooks that let the run go on and say nothing.
    public init(
      isWanted: @escaping () -> Bool = { true },
      stepped: @escaping (StepMetrics) -> Void = { _ in },
      saved: @escaping (String, Double) -> Void = { _, _ in },
      sampled: @escaping (RunReport.Sample) -> Void = { _ in },
      noticed: @escaping (String) -> Void = { _ in },
      crash: @escaping @Sendable (CrashPoint) -> Void = { _ in }
    ) {
      self.isWanted = isWanted
      self.stepped = stepped
      self.saved = saved
      self.sampled = sampled
      self.noticed = noticed
      self.crash = crash
    }
  }
}
