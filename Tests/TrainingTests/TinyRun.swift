// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import Models
import TestSupport
import Training

/// A V3 model of a few thousand weights, with multi-token prediction, and rows of made-up tokens.
struct TinyRun {
  var computeType = ComputeType.bf16
  var slotCount = 4
  var threadCount = 1
  var passRowCount = 2
  var path = KernelPath.best
  var settings = TinyRun.makeSettings()

  static let vocabularySize = 64

  static func makeSettings() -> TrainerSettings {
    var settings = TrainerSettings(
      length: RunLength(
        sequenceLength: 21,
        firstRowCount: 4,
        rowCount: 6,
        rampShare: 0.3,
        tokenBudget: 21 * 6 * 12
      ),
      learningRate: LearningRate(peak: 3e-3, warmUpSteps: 2, phases: LearningRate.deepseekV3)
    )
    settings.optimizer.clip = 1
    return settings
  }

  static func architecture() throws -> Architecture {
    try architecture(TinyConfiguration.deepseekV3(vocabularySize: vocabularySize))
  }

  static func architecture(_ configuration: String) throws -> Architecture {
    try Architecture(configuration: JSONDocument(Array(configuration.utf8)).root)
  }

  func trainer(
    _ other: Architecture? = nil,
    group: any Group = SingleGroup()
  ) throws -> Trainer {
    let architecture = try other ?? Self.architecture()
    let parameters = try Parameters(
      architecture,
      computeType: computeType,
      tiesHead: architecture.tiesEmbedding
    )
    Initialization(seed: 7, deviation: 0.1).fill(parameters)
    var settings = settings
    settings.slotCount = slotCount
    return try Trainer(
      architecture,
      parameters: parameters,
      settings: settings,
      device: CPUDevice(threadCount: threadCount, path: path),
      passRowCount: passRowCount,
      group: group
    )
  }

  /// Rows that depend on their place alone: every token is near the one before, so there is something
  /// to learn; odd rows hold two sequences.
  static func rows(from first: Int, count: Int) -> [TrainingRow] {
    (first..<first + count).map { row in
      var generator = SplitMix64(seed: UInt64(row))
      var ids: [Int32] = [Int32(generator.next() % UInt64(vocabularySize))]
      for _ in 0..<21 {
        ids.append((ids[ids.count - 1] + Int32(generator.next() % 3)) % Int32(vocabularySize))
      }
      let sequence = { (range: Range<Int>) in
        TrainingSequence(
          ids: Array(ids[range]),
          targets: Array(ids[range.lowerBound + 1..<range.upperBound + 1])
        )
      }
      return TrainingRow(row % 2 == 0 ? [sequence(0..<21)] : [sequence(0..<8), sequence(8..<21)])
    }
  }

  /// Takes the next step.
  @discardableResult
  static func step(_ trainer: Trainer) throws -> Trainer.Outcome {
    try trainer.step(rows(from: trainer.cursor.row, count: trainer.nextRowCount))
  }

  /// Everything that a run comes to, as bits.
  static func bits(_ trainer: Trainer) -> [UInt32] {
    let biases = trainer.parameters.selectionBiases.sorted { $0.key < $1.key }.map(\.value)
    let tensors =
      [
        trainer.parameters.masters, trainer.optimizer.firstMoments,
        trainer.optimizer.secondMoments,
      ] + biases
    return tensors.flatMap { $0.floats.map(\.bitPattern) }
  }
}
