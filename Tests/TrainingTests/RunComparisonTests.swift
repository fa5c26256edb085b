// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing
import Training

/// Comparisons of runs, with damage that is known.
///
/// Method: two folders with checkpoints of one small run, then one byte, file or number is changed.
@Suite struct RunComparisonTests {
  private final class Folders {
    let path: String
    var first: String { path + "/first" }
    var second: String { path + "/second" }

    init() throws {
      path = try SystemFolder.makeTemporary()
      for (folder, time) in [(first, 1.0), (second, 2.0)] {
        try SystemFolder.write([], to: folder + "/metrics.jsonl")
        let trainer = try TinyRun().trainer()
        let store = CheckpointStore(
          folder: folder + "/checkpoints",
          keptCount: 2,
          modelFiles: ["config.json": [123, 125], "empty": []]
        )
        let log = try MetricsLog(creating: folder + "/metrics.jsonl")
        for _ in 0..<2 {
          let outcome = try TinyRun.step(trainer)
          try store.write(trainer, recipeDigest: "01", record: .object([("time", .double(time))]))
          try log.append(Self.metrics(outcome, seconds: time))
        }
      }
    }

    static func metrics(_ outcome: Trainer.Outcome, seconds: Double) -> StepMetrics {
      StepMetrics(
        step: outcome.step,
        tokens: outcome.tokenCount,
        loss: outcome.loss,
        learningRate: outcome.learningRate,
        gradientNorm: outcome.gradientNorm,
        tokensPerSecond: seconds,
        shareOfPeak: seconds,
        seconds: seconds
      )
    }

    deinit { SystemFolder.remove(path) }
  }

  private static let step = "checkpoints/step-00000002"

  @Test func `runs that differ in times alone are equal`() throws {
    let folders = try Folders()
    let found = try RunComparison(folders.first, folders.second)
    #expect(found.differences.isEmpty, "\(found.differences)")
    // Weights, state, cursor, hashes and two files of the model, twice; and the metrics.
    #expect(found.fileCount == 17)
    let weights = SystemFolder.byteCount("\(folders.first)/\(Self.step)/model.safetensors")
    #expect(weights > 0 && found.byteCount > 2 * weights)
  }

  @Test(arguments: ["model.safetensors", "state/masters.safetensors", "state/cursor.json"])
  func `one byte that was changed is found at its offset`(_ name: String) throws {
    let folders = try Folders()
    let file = "\(Self.step)/\(name)"
    let bytes = try Oracles.bytes(at: "\(folders.second)/\(file)")
    for offset in [0, bytes.count / 2, bytes.count - 1] {
      var damaged = bytes
      damaged[offset] ^= 1
      try SystemFolder.write(damaged, to: "\(folders.second)/\(file)")
      let found = try RunComparison(folders.first, folders.second)
      #expect(found.differences == [.init(file: file, kind: .byte(offset))])
    }
    try SystemFolder.write(bytes + [0], to: "\(folders.second)/\(file)")
    let longer = try RunComparison(folders.first, folders.second)
    #expect(longer.differences == [.init(file: file, kind: .byte(bytes.count))])
    let line = longer.differences.first?.description
    #expect(line == "\(file): byte \(bytes.count) is the first that differs")
  }

  @Test func `a file too many or too few is found`() throws {
    let folders = try Folders()
    SystemFolder.remove("\(folders.first)/\(Self.step)/empty")
    SystemFolder.remove("\(folders.second)/\(Self.step)/config.json")
    let found = try RunComparison(folders.first, folders.second)
    #expect(
      found.differences == [
        .init(file: "\(Self.step)/config.json", kind: .onlyInFirst),
        .init(file: "\(Self.step)/empty", kind: .onlyInSecond),
      ]
    )
  }

  @Test func `another number, or a row that is missing, is found at its step`() throws {
    let folders = try Folders()
    let path = folders.second + "/metrics.jsonl"
    let rows = try MetricsLog.rows(of: path)
    for (changed, step) in [
      (
        rows.map { row in
          var row = row
          row.loss = row.step == 2 ? row.loss.nextUp : row.loss
          return row
        }, 2
      ),
      (Array(rows.dropLast()), 2), ([], 1),
    ] {
      SystemFolder.remove(path)
      let log = try MetricsLog(creating: path)
      for row in changed { try log.append(row) }
      let found = try RunComparison(folders.first, folders.second)
      #expect(found.differences == [.init(file: "metrics.jsonl", kind: .step(step))])
    }
  }
}
