// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import TestSupport
import Testing
import Training

/// Runs of a tiny V3 model with all that the recipe has: prediction ahead, both kinds of balancing, a
/// ramp of the batch.
@Suite struct TrainerTests {
  @Test(arguments: ComputeType.allCases)
  func `a run ends with the same bits however it is scheduled`(computeType: ComputeType) throws {
    var results: Set<[UInt32]> = []
    var losses: Set<[UInt64]> = []
    for (threads, rows) in [(1, 1), (1, 6), (3, 2), (2, 5)] {
      for path in [KernelPath.best, .scalar] {
        var run = TinyRun(computeType: computeType)
        (run.threadCount, run.passRowCount, run.path) = (threads, rows, path)
        let trainer = try run.trainer()
        var own: [UInt64] = []
        for _ in 0..<3 {
          let outcome = try TinyRun.step(trainer)
          own += [outcome.loss, outcome.predictionLoss ?? 0, outcome.balanceLoss ?? 0]
            .map(\.bitPattern)
        }
        results.insert(TinyRun.bits(trainer))
        losses.insert(own)
      }
    }
    #expect(results.count == 1 && losses.count == 1)
  }

  @Test func `the loss of a run falls, and the load of experts evens out`() throws {
    var run = TinyRun()
    run.settings.length.tokenBudget = 21 * 6 * 150
    run.settings.biasSpeed.first = 0.01
    let trainer = try run.trainer()
    var outcomes: [Trainer.Outcome] = []
    while !trainer.isDone { outcomes.append(try TinyRun.step(trainer)) }
    #expect(outcomes.count == run.settings.length.stepCount)
    let (first, last) = (try #require(outcomes.first), try #require(outcomes.last))
    // Each token is one of three: ln 3 is as low as it goes.
    #expect(first.loss > 4 && last.loss < 2, "\(first.loss) to \(last.loss)")
    #expect(try #require(first.predictionLoss) > 4)
    let violation = { (outcome: Trainer.Outcome) -> Double in
      let counts = outcome.loads[1] ?? []
      return Double((counts.max() ?? 0) * counts.count) / Double(counts.reduce(0, +)) - 1
    }
    #expect(violation(last) < violation(first))
    #expect(trainer.parameters.selectionBiases.values.contains { $0.floats.contains { $0 != 0 } })
  }

  @Test func `slots change the bits, as they must, and not the sense`() throws {
    var results: [Int: Double] = [:]
    var bits: Set<[UInt32]> = []
    for slotCount in [1, 2, 4] {
      let trainer = try TinyRun(slotCount: slotCount).trainer()
      results[slotCount] = try TinyRun.step(trainer).gradientNorm
      _ = try TinyRun.step(trainer)
      bits.insert(TinyRun.bits(trainer))
    }
    #expect(bits.count == 3)
    let norms = results.values.sorted()
    // The same sums in other orders: a few units of FP32 apart.
    #expect(norms[2] / norms[0] < 1 + 1e-5)
  }

  @Test func `a step that is not finite, or spikes, changes nothing or stops`() throws {
    for (response, fault) in [
      (TrainerSettings.Response.stop, Trainer.Fault.spike), (.skip, .spike),
    ] {
      var run = TinyRun()
      run.settings.spikeFactor = 1e-3
      run.settings.onSpike = response
      let trainer = try run.trainer()
      // The first step has no mean to be compared with.
      #expect(try TinyRun.step(trainer).fault == nil)
      let before = TinyRun.bits(trainer)
      #expect(try TinyRun.step(trainer).fault == fault)
      #expect(TinyRun.bits(trainer) == before)
      #expect(trainer.cursor.step == (response == .stop ? 1 : 2))
      #expect(trainer.cursor.updateCount == 1)
    }
    let trainer = try TinyRun().trainer()
    let parameter = try #require(trainer.parameters.list.first { $0.role == .head })
    trainer.parameters.set(parameter, to: Array(repeating: .nan, count: parameter.count))
    #expect(try TinyRun.step(trainer).fault == .notFinite)
  }
}
