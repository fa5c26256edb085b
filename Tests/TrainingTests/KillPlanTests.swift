// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

/// Plans of kills, followed without any run: what a kill leaves is known from its place.
@Suite struct KillPlanTests {
  /// The step of the newest checkpoint after a kill.
  private func newest(after kill: KillPlan.Kill, from step: Int, interval: Int, _ count: Int) -> Int
  {
    let checkpoints = Array(stride(from: interval, to: count, by: interval)) + [count]
    let isWhole = { (checkpoint: Int) in
      switch kill.point {
      case .afterRename, .betweenSteps: checkpoint <= kill.step
      default: checkpoint < kill.step
      }
    }
    return max(step, checkpoints.last(where: isWhole) ?? 0)
  }

  @Test(arguments: [(12, 3), (12, 1), (5, 100), (1, 1), (100, 7)])
  func `every kind of place comes, at its count, and none after the run is done`(
    stepCount: Int,
    interval: Int
  ) throws {
    for seed in 0..<200 as Range<UInt64> {
      for killCount in [0, 1, 3, 7, 20] {
        var plan = KillPlan(
          stepCount: stepCount,
          interval: interval,
          rowCount: 4,
          killCount: killCount,
          seed: seed
        )
        var (step, points) = (0, [CrashPoint]())
        while let kill = plan.next(after: step) {
          points.append(kill.point)
          if kill.point == .betweenSteps {
            #expect(step <= kill.step && kill.step < stepCount)
            #expect(kill.crash.occurrence == kill.step - step + 1)
          } else {
            #expect(step < kill.step && kill.step <= stepCount)
            #expect(kill.step % interval == 0 || kill.step == stepCount)
            // The checkpoints that the process comes to, this one too.
            let passed = (step + 1...kill.step).count {
              $0 % interval == 0 || $0 == stepCount
            }
            #expect(kill.crash.occurrence == passed)
          }
          #expect(kill.crash.point == kill.point)
          step = newest(after: kill, from: step, interval: interval, stepCount)
        }
        // One that kills only at the end of the last checkpoint has nothing left to kill.
        let isShort = points.count < killCount && step == stepCount && points.last == .afterRename
        #expect(points.count == killCount || isShort && killCount > 7)
        if killCount >= 7 { #expect(Set(points) == Set(CrashPoint.allCases)) }
      }
    }
  }

  @Test func `a seed gives one plan, and another seed another`() {
    let text = { (seed: UInt64) -> String in
      var plan = KillPlan(stepCount: 50, interval: 5, rowCount: 4, killCount: 7, seed: seed)
      var text = ""
      for step in [0, 5, 10, 15] {
        text += "\(plan.next(after: step)?.place ?? "") \(plan.nextSchedule())\n"
      }
      return text
    }
    #expect(text(1) == text(1))
    #expect(Set((0..<20).map(text)).count == 20)
  }

  @Test(arguments: [1, 4]) func `no process computes as the one before`(rowCount: Int) {
    var plan = KillPlan(stepCount: 9, interval: 3, rowCount: rowCount, killCount: 7, seed: 3)
    let schedules = (0..<200).map { _ in plan.nextSchedule() }
    #expect(zip(schedules, schedules.dropFirst()).allSatisfy { $0 != $1 })
    #expect(Set(schedules).count == 4 * rowCount)
    #expect(schedules.allSatisfy { (1...4).contains($0.threadCount) })
    #expect(schedules.allSatisfy { (1...rowCount).contains($0.passRowCount) })
  }

  @Test func `an order is read as it was written, and nothing else is`() {
    for order in [
      TrialOrder(), TrialOrder(stepCount: 5),
      TrialOrder(crash: .init(.writingState, occurrence: 2)),
      TrialOrder(stepCount: 12, crash: .init(.betweenSteps, occurrence: 1)),
    ] {
      #expect(TrialOrder(order.text) == order)
    }
    #expect(
      TrialOrder(stepCount: 12, crash: .init(.begin, occurrence: 3)).text
        == "steps=12,crash=begin:3"
    )
    for text in [
      "steps=0", "steps", "crash=begin", "crash=begin:0", "crash=end:1", "a=1", "steps=1=2",
    ] {
      #expect(TrialOrder(text) == nil, "\(text)")
    }
  }
}
