// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import Tokenization

/// Computes some sequences' next tokens together, and chooses those that their answers go on with.
///
/// Which sequences share a pass changes no token: every row is computed by itself.
final class GenerationPass {
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
  ///   - rows: Each sequence once, with how many of its pending tokens are computed.
  ///   - heard: Hears each token that is chosen.
  /// - Throws: `ModelError` where the machine fails: no token was chosen then, and the caches may hold
  ///   half of the pass.
  func run(
    _ rows: [(sequence: ActiveSequence, count: Int)],
    heard: (ActiveSequence, EngineEvent.Token) -> Void
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

  private func share(_ seconds: Double, among rows: [(sequence: ActiveSequence, count: Int)]) {
    let perToken = seconds / Double(rows.reduce(0) { $0 + $1.count })
    for (sequence, count) in rows { sequence.note(machineSeconds: perToken * Double(count)) }
  }

  /// Chooses a token of every sequence that wants one and whose logits are finite.
  private func accept(
    _ logits: ActivationView,
    _ heard: (ActiveSequence, EngineEvent.Token) -> Void
  ) {
    let wanted = chosen.lazy.filter { $0.input.logitRows == .last }
    let normalizers =
      wanted.contains { $0.request.topLogProbabilities != nil }
      ? decoder.logSumExp(logits) : []
    for (row, sequence) in wanted.enumerated() {
      let values = logits.span(row: row)
      guard values.indices.allSatisfy({ values[$0].isFinite }) else {
        sequence.isBroken = true
        continue
      }
      let text = sequence.accept(
        values,
        normalizer: normalizers.isEmpty ? nil : normalizers[row],
        endIDs: endIDs,
        contextLength: contextLength
      )
      guard !sequence.hasFailed, let token = sequence.token(text) else { continue }
      heard(sequence, token)
    }
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
