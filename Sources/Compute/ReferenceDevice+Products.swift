// SPDX-License-Identifier: Apache-2.0

extension ReferenceDevice {
  /// Computes each output as one dot form.
  public func multiply(
    _ input: ActivationView,
    by weight: WeightMatrix,
    into output: ActivationView,
    computeType: ComputeType
  ) {
    let rows = (0..<input.rowCount).map { inputs(scalars(input, row: $0), computeType) }
    for n in 0..<weight.rowCount {
      let w = weightRow(weight, n, computeType)
      for (row, x) in rows.enumerated() {
        output[row, n] = dot(x, w, weight, n, computeType).narrowed
      }
    }
  }

  /// Multiplies with one weight after the other.
  public func multiply(
    _ input: ActivationView,
    by weights: [WeightMatrix],
    into outputs: ViewList,
    computeType: ComputeType
  ) {
    for (weight, output) in zip(weights, outputs) {
      multiply(input, by: weight, into: output, computeType: computeType)
    }
  }

  /// Computes each output of a pair as one dot form with its expert's weight.
  public func multiply(
    _ input: ActivationView,
    inputRows: [Int32]?,
    groups: [ExpertGroups.Group],
    by weights: [[WeightMatrix]],
    into outputs: ViewList,
    computeType: ComputeType
  ) {
    for group in groups {
      let rows = group.pairs.map { pair in
        inputs(scalars(input, row: inputRows.map { Int($0[pair]) } ?? pair), computeType)
      }
      for (weight, output) in zip(weights.lazy.map { $0[group.expert] }, outputs) {
        for n in 0..<weight.rowCount {
          let w = weightRow(weight, n, computeType)
          for (pair, x) in zip(group.pairs, rows) {
            output[pair, n] = dot(x, w, weight, n, computeType).narrowed
          }
        }
      }
    }
  }

  /// Computes each head in the sum form.
  public func absorb(
    _ queries: ActivationView,
    weight: Tensor,
    shape: LatentShape,
    into output: ActivationView,
    computeType: ComputeType
  ) {
    let queryWidth = shape.noPositionDimension + shape.rotaryDimension
    let outputWidth = shape.latentRank + shape.rotaryDimension
    let headRows = shape.noPositionDimension + shape.valueDimension
    for head in 0..<shape.headCount {
      let keyRows = (0..<shape.noPositionDimension).map {
        inputs(floats(weight, row: head * headRows + $0), computeType)
      }
      for row in 0..<queries.rowCount {
        let query = Array(scalars(queries, row: row)[head * queryWidth..<(head + 1) * queryWidth])
        var latent = [Scalar](repeating: 0, count: shape.latentRank)
        let noPosition = inputs(Array(query.prefix(shape.noPositionDimension)), computeType)
        Forms.weightedSum(noPosition, keyRows, onto: &latent, inPairs: computeType == .bf16)
        let absorbed = latent + query.suffix(shape.rotaryDimension)
        for (i, value) in absorbed.enumerated() {
          output[row, head * outputWidth + i] = value.narrowed
        }
      }
    }
  }

  /// Computes each value as one dot form.
  public func expandValues(
    _ latents: ActivationView,
    weight: Tensor,
    shape: LatentShape,
    into output: ActivationView,
    computeType: ComputeType
  ) {
    let headRows = shape.noPositionDimension + shape.valueDimension
    for head in 0..<shape.headCount {
      for value in 0..<shape.valueDimension {
        let weightRow = head * headRows + shape.noPositionDimension + value
        let w = inputs(floats(weight, row: weightRow), computeType)
        for row in 0..<latents.rowCount {
          let range = head * shape.latentRank..<(head + 1) * shape.latentRank
          let z = inputs(Array(scalars(latents, row: row)[range]), computeType)
          output[row, head * shape.valueDimension + value] =
            Forms.dot(z, w, inPairs: computeType == .bf16).narrowed
        }
      }
    }
  }

  /// Adds outputs of experts, ascending.
  public func combine(
    _ outputs: ActivationView,
    choice: ExpertChoice,
    groups: ExpertGroups,
    into sum: ActivationView
  ) {
    let k = choice.chosenCount
    for token in 0..<choice.tokenCount {
      var total = [Scalar](repeating: 0, count: outputs.columnCount)
      for entry in token * k..<(token + 1) * k {
        let weight = Scalar.widened(choice.weights[entry])
        let expertOutput = scalars(outputs, row: Int(groups.pairs[entry]))
        for column in total.indices {
          total[column] = Scalar.fused(expertOutput[column], weight, total[column])
        }
      }
      sum.set(row: token, to: total.map(\.narrowed))
    }
  }

  private func weightRow(
    _ weight: WeightMatrix,
    _ n: Int,
    _ computeType: ComputeType
  ) -> [Scalar] {
    inputs(floats(weight.values, row: n), computeType)
  }

  /// The dot form of a rounded input row and weight row, with scales and bias where there are any.
  private func dot(
    _ x: [Scalar],
    _ w: [Scalar],
    _ weight: WeightMatrix,
    _ n: Int,
    _ computeType: ComputeType
  ) -> Scalar {
    let inPairs = computeType == .bf16
    var result: Scalar
    if let blockScales = weight.blockScales {
      let scales = floats(blockScales, row: n / WeightMatrix.blockExtent)
      result = Forms.scaledDot(x, w, scales: scales, inPairs: inPairs)
    } else {
      result = Forms.dot(x, w, inPairs: inPairs)
    }
    if let bias = weight.bias { result = Scalar.sum(result, Scalar.widened(bias.float(at: n))) }
    return result
  }
}
