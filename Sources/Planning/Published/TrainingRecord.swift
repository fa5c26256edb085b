// SPDX-License-Identifier: Apache-2.0

/// A training run whose time someone published.
public struct TrainingRecord: Sendable {
  /// How a run's time is given.
  public enum Unit: String, Sendable, Hashable {
    /// Hours of one device.
    case hours
    /// Minutes on the clock.
    case minutes
    /// Days on the clock.
    case days

    /// How many of them a run takes.
    func amount(deviceHours: Double, deviceCount: Int) -> Double {
      switch self {
      case .hours: deviceHours
      case .minutes: deviceHours / Double(deviceCount) * 60
      case .days: deviceHours / Double(deviceCount) / 24
      }
    }
  }

  /// Part of a run in which nothing changes.
  public struct Phase: Sendable, Hashable {
    /// Positions of a sequence.
    public let sequenceLength: Int
    /// Sequences of a step.
    public let batchRowCount: Int
    /// Tokens.
    public let tokenCount: Double
    /// How work was divided; nil where nobody published it and the planner's own choice stands in.
    public let layout: ParallelLayout?
  }

  /// What the row is called.
  public let name: String
  /// Runs of one group inform each other, so that all of them are left out together.
  public let group: String
  /// The model's name in the catalogue.
  public let model: String
  /// The device.
  public let device: Accelerator
  /// How many there were.
  public let deviceCount: Int
  /// What products took.
  public let precision: PlanPrecision
  /// The run's parts.
  public let phases: [Phase]
  /// Whether the hours are those of a whole run with its restarts, rather than rate times tokens.
  public let isWholeRun: Bool
  /// How the time is given.
  public let unit: Unit
  /// The time that was published.
  public let published: Double
  /// Who published it and when, and what of the row is assumed here.
  public let source: String
  /// Why the row lies outside of the tolerance, where it does.
  public var reason: String?

  // LIMIT: 8 of 12 rows have to lie within it (issue 15).
  /// The relative error of a time that needs no reason.
  public static let tolerance = 0.2
}
