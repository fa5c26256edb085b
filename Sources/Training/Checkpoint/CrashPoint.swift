// SPDX-License-Identifier: Apache-2.0

/// A place in the writing of a checkpoint at which `verify-resume` kills a run.
public enum CrashPoint: String, Sendable, Hashable, CaseIterable {
  /// Nothing is written yet.
  case begin
  /// A file of weights is half written.
  case writingWeights = "writing-weights"
  /// The weights are written, the run's state is not, or in part.
  case betweenFiles = "between-files"
  /// The run's state is half written.
  case writingState = "writing-state"
  /// All is written and not yet at its place.
  case beforeRename = "before-rename"
  /// The checkpoint is at its place, older ones are not yet removed.
  case afterRename = "after-rename"
  /// Between two steps.
  case betweenSteps = "between-steps"
}
