// SPDX-License-Identifier: Apache-2.0

import Compute

/// The forward pass of some rows of a batch and its derivative, from the loss back to the embedding.
struct Differentiation {
  // LIMIT: logits of this many rows are formed at once, so those of a whole pass never are. Even, since
  // pairs of rows start with each row of the batch.
  private static let logitRows = 128

  let decoder: Decoder
  let gradients: DecoderGradients
  let rows: [TrainingRow]
  let weights: LossWeights
  /// What the rows came to, added to what they started from.
  var sums: LossSums

  private var device: any Device { decoder.device }
  private var width: Int { decoder.architecture.hiddenSize }

  /// Takes the sequences of all rows as the decoder's inputs.
  mutating func run(_ inputs: [SequenceInput]) throws(ModelError) {
    let pass = try makeBackwardPass(inputs, lengths: rows.map(\.tokenCount), positionShift: 0)
    let ids = decoder.workspace.ids
    let residual = try decoder.workspace.view(.residual, rows: pass.rowCount, columns: width)
    device.lookUp(ids, in: decoder.embedding, into: residual)
    for (index, layer) in decoder.layers.enumerated() {
      _ = try layer.forward(residual, pass: pass.forward, layer: index)
    }
    let hidden = try decoder.workspace.view(.hidden, like: residual)
    decoder.normalizeFinally(residual, into: hidden)
    let hiddenGradient = try gradients.workspace.view(.hidden, like: residual)
    let sequences = rows.flatMap(\.sequences)
    sums.crossEntropy = try differentiateHead(
      hidden,
      pass,
      targets: sequences.flatMap(\.targets),
      counts: sequences.flatMap { $0.counts ?? Array(repeating: true, count: $0.ids.count) },
      weight: weights.token,
      gradients.decoder.head.values,
      into: hiddenGradient,
      sum: sums.crossEntropy
    )
    if weights.prediction != 0, decoder.predictsAhead {
      try differentiatePrediction(inputs, hidden, hiddenGradient, pass)
    }
    let gradient = try gradients.workspace.view(.residual, like: residual)
    device.normalizeGradient(
      of: residual,
      weight: decoder.finalNorm,
      epsilon: decoder.architecture.normEpsilon,
      gradient: hiddenGradient,
      weightGradient: gradients.decoder.finalNorm,
      into: gradient,
      accumulates: false
    )
    for (index, layer) in decoder.layers.enumerated().reversed() {
      try layer.differentiate(
        gradient,
        gradients: gradients.decoder.layers[index],
        pass: pass,
        layer: index
      )
    }
    device.addRows(gradient, at: ids, to: gradients.decoder.embedding)
    sums.loads = pass.loads.counts
    sums.balance = pass.loads.balanceLosses
  }

  /// Opens a pass over sequences whose rows of the batch have these lengths.
  private func makeBackwardPass(
    _ inputs: [SequenceInput],
    cacheLayer: Int = 0,
    lengths: [Int],
    positionShift: Int
  ) throws(ModelError) -> BackwardPass {
    let forward = try decoder.makePass(
      inputs,
      cacheLayer: cacheLayer,
      positionShift: positionShift
    )
    var batchRows: [Range<Int>] = []
    for length in lengths {
      let start = batchRows.last?.upperBound ?? 0
      batchRows.append(start..<start + length)
    }
    do {
      return BackwardPass(
        forward: forward,
        workspace: gradients.workspace,
        inverseAngles: try forward.angles.inverted(rowCount: forward.rowCount),
        batchRows: batchRows,
        balance: weights.balance,
        loads: ExpertLoads(sums)
      )
    } catch { throw ModelError(error) }
  }

  /// Adds the gradients of head and cross-entropy, a few rows of logits at a time.
  ///
  /// - Returns: `sum` with −log p of every target that counts added, one after the other.
  private func differentiateHead(
    _ hidden: ActivationView,
    _ pass: BackwardPass,
    targets: [Int32],
    counts: [Bool],
    weight: Double,
    _ headGradient: Tensor,
    into gradient: ActivationView,
    sum: Double
  ) throws(ModelError) -> Double {
    var sum = sum
    for batchRow in pass.batchRows {
      for start in stride(from: batchRow.lowerBound, to: batchRow.upperBound, by: Self.logitRows) {
        let tile = start..<min(start + Self.logitRows, batchRow.upperBound)
        let logits = try decoder.workspace.view(
          .logits,
          rows: tile.count,
          columns: decoder.architecture.vocabularySize
        )
        let states = hidden.rows(tile)
        pass.forward.multiply(states, by: decoder.head, into: logits)
        let logSums = device.logSumExp(logits)
        for (index, row) in tile.enumerated() where counts[row] {
          let target = logits[index, Int(targets[row])]
          sum -= Double(logSums[index].logProbability(of: target))
        }
        device.crossEntropyGradient(
          logits,
          sums: logSums,
          targets: Array(targets[tile]),
          weights: counts[tile].map { $0 ? Float(weight) : 0 }
        )
        let product = WeightGradient(
          input: states,
          outputs: [.init(gradient: logits, target: headGradient)],
          rows: ContractedRows(runs: [0..<tile.count])
        )
        device.accumulate([product], computeType: decoder.computeType)
        pass.propagate([(logits, decoder.head)], into: gradient.rows(tile))
      }
    }
    return sum
  }

  /// Adds the gradients of multi-token prediction: row i of a sequence takes its state i and the
  /// embedding of the token i + 1, and predicts the one after that.
  private mutating func differentiatePrediction(
    _ inputs: [SequenceInput],
    _ hidden: ActivationView,
    _ hiddenGradient: ActivationView,
    _ main: BackwardPass
  ) throws(ModelError) {
    guard let module = decoder.predictionModules.first,
      let moduleGradients = gradients.decoder.predictionModules.first,
      let headGradient = gradients.predictionHead, let lookUp = gradients.predictionLookUp
    else { return }
    let sequences = rows.flatMap(\.sequences)
    let shifted = zip(sequences, inputs).filter { $0.0.ids.count > 1 }.map { sequence, input in
      SequenceInput(ids: Array(sequence.ids.dropFirst()), cache: input.cache, logitRows: .none)
    }
    guard !shifted.isEmpty else { return }
    let lengths = rows.map { row in row.sequences.reduce(0) { $0 + max($1.ids.count - 1, 0) } }
    let cacheLayer = decoder.layers.count
    let pass = try makeBackwardPass(
      shifted,
      cacheLayer: cacheLayer,
      lengths: lengths,
      positionShift: 1
    )
    let ids = decoder.workspace.ids
    let workspace = decoder.workspace
    let states = try workspace.view(.predictionHidden, rows: pass.rowCount, columns: width)
    move(hidden, into: states, inputs, adds: false)
    let embedded = try workspace.view(.embedded, like: states)
    device.lookUp(ids, in: decoder.embedding, into: embedded)
    let output = try workspace.view(.predictionResidual, like: states)
    try module.forward(
      hidden: states,
      embedded: embedded,
      pass: pass.forward,
      cacheLayer: cacheLayer,
      into: output
    )
    let gradient = try gradients.workspace.view(.normed, like: states)
    let outputGradient = try gradients.workspace.view(.rawPrediction, like: states)
    sums.prediction = try differentiateHead(
      output,
      pass,
      targets: sequences.flatMap { $0.targets.dropFirst() },
      counts: sequences.flatMap { sequence in
        (sequence.counts ?? Array(repeating: true, count: sequence.ids.count)).dropFirst()
      },
      weight: weights.prediction,
      headGradient,
      into: outputGradient,
      sum: sums.prediction
    )
    let embeddedGradient = try gradients.workspace.view(.embedded, like: states)
    try module.differentiate(
      outputGradient,
      gradients: moduleGradients,
      pass: pass,
      cacheLayer: cacheLayer,
      hidden: gradient,
      embedded: embeddedGradient
    )
    device.addRows(embeddedGradient, at: ids, to: lookUp)
    move(hiddenGradient, into: gradient, inputs, adds: true)
    main.loads.take(pass.loads)
  }

  /// Copies all rows of each sequence but its last, or adds such rows back to where they came from.
  private func move(
    _ all: ActivationView,
    into part: ActivationView,
    _ inputs: [SequenceInput],
    adds: Bool
  ) {
    var (start, next) = (0, 0)
    for input in inputs {
      let count = max(input.ids.count - 1, 0)
      if count > 0 {
        let (whole, own) = (all.rows(start..<start + count), part.rows(next..<next + count))
        if adds { device.add(own, to: whole) } else { device.copy(whole, into: own) }
      }
      start += input.ids.count
      next += count
    }
  }
}
