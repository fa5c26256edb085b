// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Training

/// A folder of one test's run, removed with it.
final class RunFolder: Sendable {
  let path: String

  init() throws { path = try SystemFolder.makeTemporary() }

  deinit { SystemFolder.remove(path) }

  var metricsPath: String { path + "/metrics.jsonl" }

  func bytes(_ name: String = "metrics.jsonl") throws -> [UInt8] {
    try Oracles.bytes(at: "\(path)/\(name)")
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
}

extension StepMetrics {
  /// The metrics of a step of a run that learns, with noise of a seed.
  static func sample(_ step: Int, layers: Int = 2, experts: Int = 8) -> StepMetrics {
    var generator = SplitMix64(seed: UInt64(step))
    func noise() -> Double { Double(generator.next() % 10_000) / 10_000 }
    var metrics = StepMetrics(
      step: step,
      tokens: step * 4096,
      loss: 2.5 + 6 / (1 + Double(step) / 50) + 0.3 * (noise() - 0.5),
      predictionLoss: 3 + 6 / (1 + Double(step) / 50) + 0.3 * (noise() - 0.5),
      balanceLoss: 1e-4 * (1 + noise()),
      learningRate: 3e-4 * min(1, Double(step) / 100),
      gradientNorm: 0.3 + noise(),
      tokensPerSecond: 3900 + 200 * noise(),
      shareOfPeak: 0.31 + 0.01 * noise(),
      seconds: 1.02
    )
    if step % 25 == 0 { metrics.validationLoss = 2.6 + 6 / (1 + Double(step) / 50) }
    metrics.expertLoads = (0..<layers).map { layer in
      ExpertLoad(
        layer: layer + 1,
        counts: (0..<experts).map { _ in 500 + Int(generator.next() % 1000) },
        biasDrift: 0.001 * Double(step) * noise()
      )
    }
    return metrics
  }
}
