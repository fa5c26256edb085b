// SPDX-License-Identifier: Apache-2.0

/// How long something takes at its fastest, on a machine that others use too.
public enum LeastTime {
  /// Measures until one run is within a limit.
  ///
  /// The limit is one of the program's, so that a run within it shows that it is kept; a second in
  /// which others have the machine shows nothing, and all attempts should take longer than that.
  ///
  /// - Parameters:
  ///   - limit: The time that one run may take.
  ///   - attempts: How many runs there are at most.
  ///   - work: What is measured.
  /// - Returns: The least time of all runs.
  public static func measure(
    within limit: Duration,
    attempts: Int,
    _ work: () throws -> Void
  ) rethrows -> Duration {
    var least = Duration.seconds(Int64.max / 2)
    for _ in 0..<attempts where least > limit {
      least = min(least, try ContinuousClock().measure(work))
    }
    return least
  }
}
