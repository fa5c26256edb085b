// SPDX-License-Identifier: Apache-2.0

import Compute
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A recipe's run twice: once without a break, once killed and resumed until it is done.
struct ResumeTrial {
  /// The recipe's file.
  let recipePath: String
  /// How many steps it is cut to, nil for all.
  let stepCount: Int?
  /// Where both runs go.
  let folder: String

  /// The folder of the run without a break.
  var wholeFolder: String { folder + "/whole" }
  /// The folder of the run that is killed.
  var killedFolder: String { folder + "/killed" }

  /// Runs the recipe without a break.
  ///
  /// - Throws: `TrialFailure` where it does not come to its end.
  func runWhole() throws {
    let ending = try start(into: wholeFolder, TrialOrder(stepCount: stepCount))
    guard ending == 0 else { throw TrialFailure(.runEnded(ending), place: wholeFolder) }
  }

  /// Runs the recipe, killed wherever a plan says.
  ///
  /// - Parameters:
  ///   - plan: Where, and with what it goes on.
  ///   - killed: Hears of each kill, and of what comes next.
  /// - Throws: `TrialFailure` where a run ends otherwise than it should, or what `killed` throws.
  func runKilled(
    _ plan: inout KillPlan,
    killed: (KillPlan.Kill, KillPlan.Schedule) throws -> Void
  ) throws {
    let store = CheckpointStore(
      folder: killedFolder + "/checkpoints",
      keptCount: 1,
      modelFiles: [:]
    )
    var schedule = plan.nextSchedule()
    var resumes = false
    while let kill = plan.next(after: try store.steps().last ?? 0) {
      let order = TrialOrder(stepCount: stepCount, crash: kill.crash)
      let ending = try start(into: killedFolder, order, schedule, resumes: resumes)
      if ending == 0 { throw TrialFailure(.notKilled(kill.place), place: killedFolder) }
      guard ending == -SIGKILL else { throw TrialFailure(.runEnded(ending), place: killedFolder) }
      resumes = true
      schedule = plan.nextSchedule()
      try killed(kill, schedule)
    }
    let order = TrialOrder(stepCount: stepCount)
    let ending = try start(into: killedFolder, order, schedule, resumes: resumes)
    guard ending == 0 else { throw TrialFailure(.runEnded(ending), place: killedFolder) }
  }

  private func start(
    into out: String,
    _ order: TrialOrder,
    _ schedule: KillPlan.Schedule? = nil,
    resumes: Bool = false
  ) throws -> Int32 {
    var arguments = ["train", "run", recipePath, "--out", out]
    if let schedule {
      arguments += ["--threads", "\(schedule.threadCount)"]
      arguments += ["--micro-batch", "\(schedule.passRowCount)"]
    }
    if resumes { arguments.append("--resume") }
    let variable = "\(TrialOrder.environmentVariable)=\(order.text)"
    let ending = try ChildProcess.run(arguments, variable: variable)
    try Interruption.check()
    return ending
  }
}
