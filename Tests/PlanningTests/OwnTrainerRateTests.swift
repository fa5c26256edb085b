// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON
import Models
import Planning
import TestSupport
import Testing

/// The speed of Hadal's own trainer as it is planned, against runs that were measured.
///
/// Method: tokens a second of runs on two threads, at the peak of products that the same program measured
/// on the machine, as BENCHMARKS.md and Documentation/nano.md have them. A plan may be wrong by a tenth:
/// the bar that Hadal sets itself.
@Suite struct OwnTrainerRateTests {
  struct Run: Sendable, CustomStringConvertible {
    let name: String
    let peak: Double
    let tokensPerSecond: Double

    var description: String { "\(name) at \(peak / 1e9) GFLOP/s" }

    var isNano: Bool { name == "nano" }

    var path: String {
      isNano
        ? Oracles.packageRoot + "/Recipes/nano/config.json"
        : (Oracles.folder ?? "") + "/../peers/configs/\(name).json"
    }

    var shape: TrainingShape {
      TrainingShape(
        sequenceLength: 512,
        batchRowCount: isNano ? 4 : 8,
        tokenCount: 1 << 20,
        computeType: .bf16,
        trainsPrediction: isNano,
        attendedLength: isNano ? 460 : nil
      )
    }
  }

  private static let avx2 = 112.8e9
  private static let avx512bf16 = 458e9
  static let nano = [
    Run(name: "nano", peak: avx2, tokensPerSecond: 3800),
    Run(name: "nano", peak: avx512bf16, tokensPerSecond: 9000),
  ]
  static let others = [
    Run(name: "train-10m", peak: avx2, tokensPerSecond: 2276),
    Run(name: "train-10m", peak: avx512bf16, tokensPerSecond: 5719),
    Run(name: "train-50m", peak: avx2, tokensPerSecond: 568),
    Run(name: "train-50m", peak: avx512bf16, tokensPerSecond: 1435),
  ]

  private func planned(_ run: Run, threadCount: Int) throws -> Double {
    let document = try ConfigurationFile.read(run.path, label: run.path)
    let architecture = try Architecture(configuration: document.root)
    let share = OwnTrainerRate.calibrated.shareOfPeak(
      architecture,
      run.shape,
      peak: run.peak,
      threadCount: threadCount
    )
    let rate = TrainingRate.shareOfPeak(share, peak: run.peak)
    let plan = TrainingPlan(architecture, shape: run.shape, rate: rate) { _, _ in 0 }
    return try #require(plan.tokensPerSecond)
  }

  @Test(arguments: nano) func `nano's speed is planned within a tenth`(_ run: Run) throws {
    let ratio = try planned(run, threadCount: 2) / run.tokensPerSecond
    #expect((0.9...1.1).contains(ratio), "\(ratio)")
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: others
  )
  func `the speed of two more configurations is planned within a tenth`(_ run: Run) throws {
    let ratio = try planned(run, threadCount: 2) / run.tokensPerSecond
    #expect((0.9...1.1).contains(ratio), "\(ratio)")
  }

  @Test func `more threads at the same peak take less time for all that is no product`() throws {
    let run = Self.nano[0]
    let (two, four) = (try planned(run, threadCount: 2), try planned(run, threadCount: 4))
    #expect(four > two && four < 2 * two)
  }
}
