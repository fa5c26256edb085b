// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import Planning

extension TrainingPlan {
  // LIMIT: enough for the mean of a few thousand documents, and read in a moment.
  private static let sampledRowCount = 256

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - materials: What it names; the first rows of its data say how far tokens attend.
  ///   - passRowCount: How many rows a pass takes.
  ///   - surroundings: The machine.
  init(
    _ recipe: Recipe,
    _ materials: RunMaterials,
    passRowCount: Int,
    _ surroundings: RunSurroundings
  ) {
    let (architecture, length) = (materials.architecture, recipe.settings.length)
    let count = min(Self.sampledRowCount, materials.training.rowCount)
    let sample = materials.training.rows(from: 0, count: count)
      .map { TrainingRow($0, layout: materials.training.layout) }
    let shape = TrainingShape(
      sequenceLength: length.sequenceLength,
      batchRowCount: length.rowCount,
      tokenCount: length.tokenBudget,
      computeType: recipe.computeType,
      trainsPrediction: !architecture.predictionLayers.isEmpty,
      attendedLength: count > 0 ? sample.attendedLength : nil
    )
    let rate = surroundings.peak.map { peak in
      let share = OwnTrainerRate.calibrated.shareOfPeak(
        architecture,
        shape,
        peak: peak,
        threadCount: surroundings.threadCount
      )
      return TrainingRate.shareOfPeak(share, peak: peak)
    }
    self.init(
      architecture,
      shape: shape,
      rate: rate ?? .unknown,
      availableByteCount: surroundings.availableByteCount
    ) { architecture, shape in
      ActivationCount(architecture, trainsPrediction: shape.trainsPrediction)
        .byteCount(tokenCount: min(passRowCount, shape.batchRowCount) * shape.sequenceLength)
    }
  }
}
