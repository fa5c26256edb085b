// SPDX-License-Identifier: Apache-2.0

/// What a trial asks of a run that it starts: to be shorter than its recipe, and to die at a place.
public struct TrialOrder: Sendable, Hashable {
  /// The variable of the environment that holds an order's text.
  public static let environmentVariable = "HADAL_TRAIN_TRIAL"

  /// A place at which a run dies.
  public struct Crash: Sendable, Hashable {
    /// The kind of place.
    public var point: CrashPoint
    /// Which of the places of that kind that a process comes to, from 1.
    public var occurrence: Int

    /// Creates a place.
    public init(_ point: CrashPoint, occurrence: Int) {
      self.point = point
      self.occurrence = occurrence
    }
  }

  /// How many steps a run takes at most, nil for the recipe's.
  public var stepCount: Int?
  /// Where it dies, nil for nowhere.
  public var crash: Crash?

  /// Creates an order.
  public init(stepCount: Int? = nil, crash: Crash? = nil) {
    self.stepCount = stepCount
    self.crash = crash
  }

  /// Reads what `text` writes; nil where it is something else.
  public init?(_ text: String) {
    self.init()
    for part in text.split(separator: ",") {
      let words = part.split(separator: "=", omittingEmptySubsequences: false)
      guard words.count == 2 else { return nil }
      switch words[0] {
      case "steps":
        guard let count = Int(words[1]), count > 0 else { return nil }
        stepCount = count
      case "crash":
        let place = words[1].split(separator: ":", omittingEmptySubsequences: false)
        guard place.count == 2, let point = CrashPoint(rawValue: String(place[0])),
          let occurrence = Int(place[1]), occurrence > 0
        else { return nil }
        crash = Crash(point, occurrence: occurrence)
      default: return nil
      }
    }
  }

  /// The order as the environment holds it: `steps=12,crash=writing-state:2`; empty where nothing is
  /// asked.
  public var text: String {
    let parts = [
      stepCount.map { "steps=\($0)" },
      crash.map { "crash=\($0.point.rawValue):\($0.occurrence)" },
    ]
    return parts.compactMap { $0 }.joined(separator: ",")
  }

  /// A recipe as the order wants it: with fewer steps, and with checkpoints and measurements among them.
  ///
  /// Both runs of a trial are shortened alike. Where the batch grows, there are some steps more.
  public func shortened(_ recipe: Recipe) -> Recipe {
    guard let stepCount else { return recipe }
    var shortened = recipe
    let length = recipe.settings.length
    if stepCount < length.stepCount {
      shortened.settings.length.tokenBudget = stepCount * length.rowCount * length.sequenceLength
    }
    // LIMIT: six checkpoints are enough to be killed in, and few enough to be quick.
    let interval = max(1, stepCount / 6)
    shortened.checkpointInterval = min(recipe.checkpointInterval, interval)
    if recipe.validationInterval > 0 {
      shortened.validationInterval = min(recipe.validationInterval, interval)
    }
    return shortened
  }
}
