// SPDX-License-Identifier: Apache-2.0

import Compute
public import Models

/// What a text is worth to a model, and the numbers behind it.
public struct Score {
  /// The log-probability of each token after the first.
  public var logProbabilities: [Float] = []
  /// Raw logits, `[positions, vocabularySize]`, where asked for.
  public var logits: [[Float]] = []
  /// The multi-token-prediction layer's logits, `[positions − 1, vocabularySize]`, where asked for
  /// and the checkpoint has the layer.
  public var aheadLogits: [[Float]] = []
  /// States and expert choices, where asked for.
  public var trace: ForwardTraceRecorder?

  /// The sum of the log-probabilities, added in order in double precision.
  public var sum: Double { logProbabilities.reduce(0) { $0 + Double($1) } }

  /// The mean negative log-likelihood in nats a token; 0 for a single token.
  public var meanNegativeLogLikelihood: Double {
    logProbabilities.isEmpty ? 0 : -sum / Double(logProbabilities.count)
  }
}

/// Computes log-probabilities of given tokens, with the sampler's own forward pass and log-softmax.
public struct Scorer {
  private let decoder: Decoder
  private let chunk: Int

  /// Creates a scorer that computes `chunk` tokens a pass.
  public init(decoder: Decoder, chunk: Int) {
    self.decoder = decoder
    self.chunk = max(chunk, 1)
  }

  /// Scores tokens.
  ///
  /// - Parameters:
  ///   - ids: The tokens.
  ///   - keepsLogits: Whether logits are kept, also those of a multi-token-prediction layer.
  ///   - traces: Whether states and choices are kept.
  /// - Returns: The score.
  /// - Throws: `ModelError` for ids that the model cannot take, and for logits that are not finite.
  public func score(
    _ ids: [Int32],
    keepsLogits: Bool = false,
    traces: Bool = false
  ) throws(ModelError) -> Score {
    try decoder.validate(ids)
    var score = Score()
    if traces { score.trace = ForwardTraceRecorder() }
    let cache = decoder.makeCache()
    let predictsAhead = keepsLogits && decoder.predictsAhead
    var start = 0
    while start < ids.count {
      let end = min(start + chunk, ids.count)
      let input = SequenceInput(ids: Array(ids[start..<end]), cache: cache, logitRows: .all)
      let result = try decoder.forward([input], keepsHidden: predictsAhead, trace: score.trace)
      try take(result, input: input, ids: ids, start: start, keepsLogits, into: &score)
      if predictsAhead, let hidden = result.hidden {
        let next = Array(ids[min(start + 1, ids.count)..<min(end + 1, ids.count)])
        if !next.isEmpty {
          let ahead = try decoder.predictAhead(
            hidden.rows(0..<next.count),
            inputs: [SequenceInput(ids: next, cache: cache, logitRows: .all)]
          )
          score.aheadLogits += (0..<next.count).map { ahead.logits.floats(row: $0) }
        }
      }
      start = end
    }
    return score
  }

  private func take(
    _ result: ForwardResult,
    input: SequenceInput,
    ids: [Int32],
    start: Int,
    _ keepsLogits: Bool,
    into score: inout Score
  ) throws(ModelError) {
    let normalizers = decoder.logSumExp(result.logits)
    for row in 0..<input.ids.count {
      let logits = result.logits.floats(row: row)
      guard logits.allSatisfy(\.isFinite) else {
        let layer = try decoder.firstNonFiniteLayer(input)
        throw ModelError(.nonFiniteLogits(layer: layer, position: start + row))
      }
      let next = start + row + 1
      if next < ids.count {
        score.logProbabilities.append(
          normalizers[row].logProbability(of: logits[Int(ids[next])])
        )
      }
      if keepsLogits { score.logits.append(logits) }
    }
  }
}
