// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import Tokenization

/// Computes some sequences' next tokens together, and chooses those that their answers go on with.
///
/// Which sequences share a pass changes no token: every row is computed by itself.
final class GenerationPass {
  /// A sequence, and how many of its pending tokens are computed.
  typealias Row = (sequence: ActiveSequence, count: Int)
  /// Hears of a sequence's tokens.
  typealias Heard = (ActiveSequence, EngineEvent) -> Void

  let decoder: Decoder
  private let tokenizer: Tokenizer?
  private let endIDs: Set<Int32>
  private let contextLength: Int
  /// What a test lets fail: asked in the midst of each pass.
  private let fault: () -> ModelError?
  // Those of one pass; their memory serves the next one too.
  private var chosen: [ActiveSequence] = []
  private var inputs: [SequenceInput] = []

  init(
    decoder: Decoder,
    tokenizer: Tokenizer?,
    endIDs: Set<Int32>,
    contextLength: Int,
    fault: @escaping () -> ModelError? = { nil }
  ) {
    self.decoder = decoder
    self.tokenizer = tokenizer
    self.endIDs = endIDs
    self.contextLength = contextLength
    self.fault = fault
  }

  /// Makes a sequence of a request; one that cannot be worked on has its outcome already.
  func makeSequence(
    _ index: Int,
    _ request: GenerationRequest,
    _ cache: PromptCache,
    constraint: (any TokenConstraint)? = nil
  ) -> ActiveSequence {
    let sequence = ActiveSequence(
      index: index,
      request: request,
      constraint: constraint,
      cache: cache,
      detokenizer: tokenizer.map { StreamingDetokenizer($0, skipsSpecialTokens: true) },
      idLimit: min(
        decoder.architecture.vocabularySize,
        tokenizer?.vocabularyCount ?? .max
      )
    )
    do throws(ModelError) {
      try validate(request)
      if request.maxTokens == 0 { sequence.finish(.length) }
    } catch { sequence.fail(error) }
    return sequence
  }

  /// Checks a request before it is worked on.
  ///
  /// - Throws: `ModelError` where its prompt does not fit the model or the context, or a token that it
  ///   names is none of the model's.
  func validate(_ request: GenerationRequest) throws(ModelError) {
    try decoder.validate(request.promptIDs)
    let needed = request.promptIDs.count + (request.maxTokens > 0 ? 1 : 0)
    guard needed <= contextLength else {
      throw ModelError(.contextExceeded(positions: needed, limit: contextLength), file: "prompt")
    }
    let vocabularySize = decoder.architecture.vocabularySize
    if let id = request.sampling.penalties.bias.keys.max(), id >= vocabularySize {
      throw ModelError(
        .idOutOfRange(id: id, vocabularySize: vocabularySize),
        file: "logit_bias"
      )
    }
  }

  /// Computes the next tokens of some sequences.
  ///
  /// - Parameters:
  ///   - rows: Each sequence once.
  ///   - heard: Hears each token that is chosen, and before the first what its prompt's are worth.
  /// - Throws: `ModelError` where the machine fails: no token was chosen then, and the caches may hold
  ///   half of the pass.
  func run(
    _ rows: [Row],
    heard: Heard
  ) throws(ModelError) {
    guard !rows.isEmpty else { return }
    for (sequence, count) in rows {
      sequence.prepareInput(count)
      chosen.append(sequence)
      inputs.append(sequence.input)
    }
    // Emptied after every pass: a sequence then owns its input's memory alone and reuses it.
    defer {
      chosen.removeAll(keepingCapacity: true)
      inputs.removeAll(keepingCapacity: true)
    }
    let start = ContinuousClock.now
    let logits = try decoder.forward(inputs).logits
    if let error = fault() { throw error }
    share(start.seconds(to: .now), among: rows)
    for sequence in chosen { sequence.consumeInput() }
    accept(logits, heard)
    failBroken()
  }

  private func share(_ seconds: Double, among rows: [Row]) {
    let perToken = seconds / Double(rows.reduce(0) { $0 + $1.count })
    for (sequence, count) in rows { sequence.note(machineSeconds: perToken * Double(count)) }
  }

  /// Chooses a token of every sequence that wants one and whose logits are finite.
  private func accept(_ logits: ActivationView, _ heard: Heard) {
    let needsNormalizers = chosen.contains {
      $0.request.topLogProbabilities != nil && $0.choosesToken || $0.input.logitRows == .all
    }
    let normalizers = needsNormalizers ? decoder.logSumExp(logits) : []
    var start = 0
    for sequence in chosen where sequence.input.logitRows != .none {
      let count = sequence.input.logitRows == .all ? sequence.input.ids.count : 1
      accept(sequence, logits, rows: start..<start + count, normalizers, heard)
      start += count
    }
  }

  private func accept(
    _ sequence: ActiveSequence,
    _ logits: ActivationView,
    rows: Range<Int>,
    _ normalizers: [LogSumExp],
    _ heard: Heard
  ) {
    for row in rows {
      let values = logits.span(row: row)
      guard values.indices.allSatisfy({ values[$0].isFinite }) else {
        sequence.isBroken = true
        return
      }
    }
    if sequence.input.logitRows == .all {
      sequence.score(logits, from: rows.lowerBound, normalizers: normalizers)
    }
    guard sequence.choosesToken else { return }
    if let scored = sequence.scoredPrompt { heard(sequence, .scored(scored)) }
    let text = sequence.accept(
      logits.span(row: rows.upperBound - 1),
      normalizer: normalizers.isEmpty ? nil : normalizers[rows.upperBound - 1],
      endIDs: endIDs,
      contextLength: contextLength
    )
    if !sequence.hasFailed, let token = sequence.token(text) { heard(sequence, .token(token)) }
  }

  /// Ends the sequences whose logits are not finite, with the layer at fault.
  ///
  /// Only after all others have chosen: finding the layer computes again and reuses the logits'
  /// memory.
  private func failBroken() {
    for sequence in chosen where sequence.isBroken {
      do throws(ModelError) {
        let layer = try decoder.firstNonFiniteLayer(sequence.input)
        let position = sequence.input.cache.positionCount - 1
        sequence.fail(ModelError(.nonFiniteLogits(layer: layer, position: position)))
      } catch { sequence.fail(error) }
    }
  }
}
