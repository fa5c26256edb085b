// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A published figure beside what the planner makes of it.
public struct CheckRow: Sendable, Hashable {
  /// How near a prediction has to come.
  public enum Tolerance: Sendable, Hashable {
    /// The published number to its last digit: within so much of it.
    case digits(Double)
    /// A relative error.
    case share(Double)
  }

  /// What was published: a run, a model, a service.
  public let run: String
  /// Which figure of it.
  public let figure: String
  /// The figure as published.
  public let published: Double
  /// What the planner makes of it.
  public let predicted: Double
  /// What it makes of it with its shares fitted on other runs alone; the same where none is used.
  public let predictedLeftOut: Double
  /// How near it has to come.
  public let tolerance: Tolerance
  /// Why it lies outside, where it does; or what else is to be known.
  public let reason: String?
  /// Who published it, and when.
  public let source: String
  /// Whether the shares were fitted on it.
  public let isFitted: Bool

  init(
    _ run: String,
    _ figure: String,
    published: Double,
    predicted: Double,
    leftOut: Double? = nil,
    _ tolerance: Tolerance,
    reason: String? = nil,
    source: String,
    isFitted: Bool = false
  ) {
    self.run = run
    self.figure = figure
    self.published = published
    self.predicted = predicted
    predictedLeftOut = leftOut ?? predicted
    self.tolerance = tolerance
    self.reason = reason
    self.source = source
    self.isFitted = isFitted
  }

  /// Predicted over published, less 1.
  public var error: Double { predicted / published - 1 }

  /// The same of the prediction from other runs alone.
  public var errorLeftOut: Double { predictedLeftOut / published - 1 }

  /// Whether both predictions come as near as they have to.
  public var isWithin: Bool {
    switch tolerance {
    case .digits(let half):
      // The last digit may have been rounded either way.
      abs(predicted - published) <= half * (1 + 1e-9)
    case .share(let limit): abs(error) <= limit && abs(errorLeftOut) <= limit
    }
  }

  /// Whether the row is as it should be: near, or with a reason.
  public var isAccepted: Bool { isWithin || reason != nil }

  /// The row as one JSON object, named as the command-line contract says.
  public var json: JSONText {
    var members: [(String, JSONText)] = [
      ("run", .string(run)), ("figure", .string(figure)), ("published", .double(published)),
      ("predicted", .double(predicted)), ("error", .double(error)),
      ("error_left_out", .double(errorLeftOut)), ("within", .boolean(isWithin)),
      ("fitted", .boolean(isFitted)),
    ]
    if let reason { members.append(("reason", .string(reason))) }
    members.append(("source", .string(source)))
    return .object(members)
  }
}
