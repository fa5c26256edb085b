// SPDX-License-Identifier: Apache-2.0

/// At which places a run is killed, and with what it goes on: drawn from a seed.
public struct KillPlan: Sendable {
  /// A place at which a run is killed.
  public struct Kill: Sendable, Hashable {
    /// The kind of place.
    public var point: CrashPoint
    /// The step of the checkpoint; between two steps that of the first.
    public var step: Int
    /// The same as the run's process counts it.
    public var crash: TrialOrder.Crash

    /// The place in words.
    public var place: String {
      switch point {
      case .betweenSteps where step == 0: "before step 1"
      case .betweenSteps: "between steps \(step) and \(step + 1)"
      default: "at \(point.rawValue) of checkpoint \(step)"
      }
    }
  }

  /// What a process computes with; no bit depends on it.
  public struct Schedule: Sendable, Hashable {
    /// Threads.
    public var threadCount: Int
    /// Rows of a pass.
    public var passRowCount: Int
  }

  private let checkpoints: [Int]
  private let rowCount: Int
  private let random: TrainingRandom
  private var drawCount: UInt64 = 0
  // The kinds of places to come, the next one last.
  private var points: [CrashPoint] = []
  private var lastSchedule: Int?

  /// Draws the kinds of places: each of them comes once before one comes again.
  ///
  /// - Parameters:
  ///   - stepCount: The steps of the run, 1 or more.
  ///   - interval: Every how many steps it writes a checkpoint; it writes one at its end too.
  ///   - rowCount: The rows of a step.
  ///   - killCount: How often it is killed.
  ///   - seed: What all is drawn from.
  public init(stepCount: Int, interval: Int, rowCount: Int, killCount: Int, seed: UInt64) {
    let regular = Array(stride(from: interval, to: stepCount, by: interval))
    checkpoints = regular + [stepCount]
    self.rowCount = max(rowCount, 1)
    random = TrainingRandom(seed: seed)
    while points.count < killCount {
      var round = CrashPoint.allCases
      for index in round.indices.dropLast() {
        round.swapAt(index, draw(in: index..<round.count))
      }
      points += round
    }
    points = points.prefix(killCount).reversed()
  }

  /// The next place, for a run that goes on from a step.
  ///
  /// - Parameter step: The step of its newest checkpoint, 0 where it has none.
  /// - Returns: Nil where nothing is left of the plan or of the run.
  public mutating func next(after step: Int) -> Kill? {
    let due = checkpoints.filter { $0 > step }
    guard !due.isEmpty, !points.isEmpty else { return nil }
    // The run is done once its last checkpoint is at its place: that is the end of all kills.
    if due.count == 1, points.last == .afterRename,
      let other = points.lastIndex(where: { $0 != .afterRename })
    {
      points.swapAt(other, points.count - 1)
    }
    // On the average the kills use up the run together.
    var reach = max(2, 2 * due.count / points.count)
    let point = points.removeLast()
    if point == .afterRename, !points.isEmpty { reach = min(reach, due.count - 1) }
    let index = draw(in: 0..<max(1, min(reach, due.count)))
    guard point == .betweenSteps else {
      let crash = TrialOrder.Crash(point, occurrence: index + 1)
      return Kill(point: point, step: due[index], crash: crash)
    }
    let last = draw(in: step..<due[index])
    let crash = TrialOrder.Crash(point, occurrence: last - step + 1)
    return Kill(point: point, step: last, crash: crash)
  }

  /// What the next process computes with: something else than the one before.
  public mutating func nextSchedule() -> Schedule {
    // LIMIT: more threads than these change nothing about how work is divided.
    let mostThreads = 4
    let count = mostThreads * rowCount
    var index = draw(in: 0..<(lastSchedule == nil ? count : count - 1))
    if let lastSchedule, index >= lastSchedule { index += 1 }
    lastSchedule = index
    return Schedule(threadCount: index % mostThreads + 1, passRowCount: index / mostThreads + 1)
  }

  private mutating func draw(in range: Range<Int>) -> Int {
    drawCount += 1
    let word = random.words(step: drawCount, .kill, index: 0).0
    return range.lowerBound + TrainingRandom.below(range.count, word)
  }
}
