// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import Planning

extension TrainingPlan {
  /// Plans a run.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - architecture: The model that it names.
  ///   - passRowCount: How many rows a pass takes.
  ///   - surroundings: The machine.
  init(
    _ recipe: Recipe,
    _ architecture: Architecture,
    passRowCount: Int,
    _ surroundings: RunSurroundings
  ) {
    let length = recipe.settings.length
    let shape = TrainingShape(
      sequenceLength: length.sequenceLength,
      batchRowCount: length.rowCount,
      tokenCount: length.tokenBudget,
      computeType: recipe.computeType,
      trainsPrediction: !architecture.predictionLayers.isEmpty
    )
    let own = OwnTrainerRate.calibrated
    let rate = surroundings.peak.map { peak in
      TrainingRate.shareOfPeak(own.shareOfPeak(architecture, shape, peak: peak), peak: peak)
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
