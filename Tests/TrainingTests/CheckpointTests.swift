// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import JSON
import Models
import TestSupport
import Testing
import Training

/// Checkpoints of a run: whole or not there, and gone on from bit for bit.
@Suite struct CheckpointTests {
  private final class Folder {
    let path: String

    init() throws { path = try SystemFolder.makeTemporary() }

    deinit { SystemFolder.remove(path) }

    func store(kept: Int = 2) -> CheckpointStore {
      CheckpointStore(
        folder: path + "/checkpoints",
        keptCount: kept,
        modelFiles: ["config.json": [123, 125]]
      )
    }
  }

  private static let digest = "0123"

  @Test(arguments: ComputeType.allCases)
  func `a run that is gone on from ends with the bits of one that was not`(
    computeType: ComputeType
  ) throws {
    let whole = try TinyRun(computeType: computeType).trainer()
    for _ in 0..<5 { try TinyRun.step(whole) }
    let folder = try Folder()
    let first = try TinyRun(computeType: computeType).trainer()
    for _ in 0..<2 { try TinyRun.step(first) }
    try folder.store().write(first, recipeDigest: Self.digest, record: .object([]))
    var other = TinyRun(computeType: computeType)
    (other.threadCount, other.passRowCount) = (2, 5)
    let second = try other.trainer()
    let checkpoint = try #require(try folder.store().newest())
    #expect(checkpoint.recipeDigest == Self.digest)
    try checkpoint.restore(second)
    #expect(second.cursor == first.cursor && TinyRun.bits(second) == TinyRun.bits(first))
    for _ in 0..<3 { try TinyRun.step(second) }
    #expect(TinyRun.bits(second) == TinyRun.bits(whole) && second.cursor == whole.cursor)
  }

  @Test func `the newest and the best are kept`() throws {
    let folder = try Folder()
    let trainer = try TinyRun().trainer()
    for _ in 0..<5 {
      try TinyRun.step(trainer)
      try folder.store().write(trainer, recipeDigest: Self.digest, record: .object([]), best: 2)
    }
    #expect(try folder.store().steps() == [2, 4, 5])
  }

  @Test(arguments: [
    "model.safetensors", "state/masters.safetensors", "state/cursor.json", "config.json",
  ])
  func `a byte that was changed is found, and the one before is named`(_ file: String) throws {
    let folder = try Folder()
    let store = folder.store()
    let trainer = try TinyRun().trainer()
    try TinyRun.step(trainer)
    try store.write(trainer, recipeDigest: Self.digest, record: .object([]))
    try TinyRun.step(trainer)
    let path = try store.write(trainer, recipeDigest: Self.digest, record: .object([]))
    let bytes = try Oracles.bytes(at: "\(path)/\(file)")
    for damage in [bytes.dropLast(), bytes.dropLast() + [bytes[bytes.count - 1] ^ 1]] {
      try SystemFolder.write(Array(damage), to: "\(path)/\(file)")
      let error = try #require(throws: TrainingError.self) { try store.newest() }
      #expect(error.place == "\(path)/\(file)")
      #expect(error.lastGood == store.path(step: 1))
      #expect(error.exitCode == .badData)
    }
  }

  @Test func `a checkpoint is a model that loads and gives the trainer's log-probabilities`() throws
  {
    for computeType in ComputeType.allCases {
      let folder = try Folder()
      let trainer = try TinyRun(computeType: computeType).trainer()
      for _ in 0..<2 { try TinyRun.step(trainer) }
      let path = try folder.store().write(
        trainer,
        recipeDigest: Self.digest,
        record: .object([])
      )
      let row = TinyRun.rows(from: 0, count: 1)[0].sequences[0]
      let loaded = try Decoder(
        TinyRun.architecture(),
        source: SafetensorsFile(path: path + "/model.safetensors"),
        device: CPUDevice(threadCount: 2),
        computeType: computeType
      )
      // The trainer's own pass, kept layers and all, against a sampler's, token by token.
      let own = try trainer.decoder.logProbabilities(of: row, stepwise: false)
      #expect(own == (try loaded.logProbabilities(of: row, stepwise: true)))
      #expect(own.allSatisfy { $0 < 0 })
    }
  }
}

extension Decoder {
  /// The log-probability of each target, in one pass or token by token.
  fileprivate func logProbabilities(
    of row: TrainingSequence,
    stepwise: Bool
  ) throws -> [Float] {
    let cache = makeCache()
    let parts = stepwise ? row.ids.map { [$0] } : [row.ids]
    var result: [Float] = []
    for ids in parts {
      let logits = try forward([SequenceInput(ids: ids, cache: cache, logitRows: .all)]).logits
      for (index, sums) in logSumExp(logits).enumerated() {
        let target = Int(row.targets[result.count])
        result.append(sums.logProbability(of: logits[index, target]))
      }
    }
    return result
  }
}
