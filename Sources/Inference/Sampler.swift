// SPDX-License-Identifier: Apache-2.0

import Compute

/// Chooses the next token of a row of raw logits.
///
/// The choice depends on the logits, the parameters, the choice index and the position alone, and with
/// penalties on the tokens before it. The
/// order is penalties, temperature, top-k, top-p, min-p; each filter works on the probabilities that
/// the one before left, renormalized. Equal logits are ordered by id.
public struct Sampler: Sendable {
  /// How it chooses.
  public var parameters: SamplingParameters
  /// Which of several completions of a request it draws for.
  public var choiceIndex: Int
  /// Kept from token to token, so that a choice asks for no memory.
  private var candidates: [Candidate] = []
  private var penalized: PenalizedTokens
  private var adjusted: [Float] = []

  /// Creates a sampler.
  public init(_ parameters: SamplingParameters, choiceIndex: Int = 0) {
    self.parameters = parameters
    self.choiceIndex = choiceIndex
    penalized = PenalizedTokens(parameters.penalties)
  }

  /// Says which tokens stand before the first one that is chosen; penalties alone ask.
  public mutating func begin(after promptIDs: [Int32]) { penalized.notePrompt(promptIDs) }

  // A token below this share of the likeliest one is never drawn: fewer than one draw in 10^12
  // would differ, and a vocabulary of 130,000 need not be sorted.
  private static let negligibleShare = 0x1p-40

  /// Chooses a token.
  ///
  /// - Parameters:
  ///   - logits: Finite raw logits, one an id.
  ///   - position: The place that the token will have in its sequence.
  /// - Returns: The id.
  /// - Precondition: `logits` is not empty.
  public mutating func choose(_ logits: Span<Float>, position: Int) -> Int32 {
    guard !parameters.penalties.isNeutral else { return draw(logits, position: position) }
    var values = adjustedLogits(logits)
    let id = draw(values.span, position: position)
    swap(&values, &adjusted)
    penalized.note(id)
    return id
  }

  /// Chooses a token among those that a constraint allows, which notes it.
  ///
  /// - Returns: The id; nil where nothing is allowed.
  mutating func choose(
    _ logits: Span<Float>,
    position: Int,
    within constraint: inout any TokenConstraint
  ) -> Int32? {
    guard constraint.next != .free else {
      let id = choose(logits, position: position)
      constraint.accept(id)
      return id
    }
    var values = adjustedLogits(logits)
    let isPossible = constraint.restrict(&values)
    let id = isPossible ? draw(values.span, position: position) : nil
    swap(&values, &adjusted)
    guard let id else { return nil }
    penalized.note(id)
    constraint.accept(id)
    return id
  }

  /// A copy of the logits with the penalties, in memory that is taken out for the time of the draw and
  /// swapped back behind it.
  private mutating func adjustedLogits(_ logits: Span<Float>) -> [Float] {
    var values: [Float] = []
    swap(&values, &adjusted)
    values.removeAll(keepingCapacity: true)
    for index in logits.indices { values.append(logits[index]) }
    penalized.apply(to: &values)
    return values
  }

  private mutating func draw(_ logits: Span<Float>, position: Int) -> Int32 {
    guard parameters.temperature > 0 else { return Self.greedy(logits) }
    gatherCandidates(logits)
    let candidates = kept
    let total = candidates.reduce(0) { $0 + $1.weight }
    let target =
      Philox(key: parameters.seed).uniform(position: position, choice: choiceIndex) * total
    var sum = 0.0
    for candidate in candidates {
      sum += candidate.weight
      if target < sum { return candidate.id }
    }
    return candidates[candidates.endIndex - 1].id
  }

  /// The id of the largest logit, of equals the lowest.
  public static func greedy(_ logits: Span<Float>) -> Int32 {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return Int32(best)
  }

  private struct Candidate {
    var id: Int32
    var logit: Float
    var weight: Double
  }

  /// Finds the tokens worth drawing, likeliest first, with weights relative to the likeliest.
  private mutating func gatherCandidates(_ logits: Span<Float>) {
    let largest = logits[Int(Self.greedy(logits))]
    candidates.removeAll(keepingCapacity: true)
    for id in logits.indices {
      let exponent = (Double(logits[id]) - Double(largest)) / parameters.temperature
      let weight = ElementaryFunctions.exp(exponent)
      if weight >= Self.negligibleShare {
        candidates.append(Candidate(id: Int32(id), logit: logits[id], weight: weight))
      }
    }
    candidates.sort { $0.logit == $1.logit ? $0.id < $1.id : $0.logit > $1.logit }
  }

  /// The candidates that the filters leave.
  private var kept: ArraySlice<Candidate> {
    var kept = candidates[...]
    if parameters.topK > 0 { kept = kept.prefix(parameters.topK) }
    if parameters.topP < 1 {
      let limit = parameters.topP * kept.reduce(0) { $0 + $1.weight }
      var sum = 0.0
      var count = 0
      while count < kept.count, count == 0 || sum < limit {
        sum += kept[kept.startIndex + count].weight
        count += 1
      }
      kept = kept.prefix(count)
    }
    if parameters.minP > 0, let best = kept.first {
      kept = kept.prefix { $0.weight >= parameters.minP * best.weight }
      if kept.isEmpty { kept = candidates.prefix(1) }
    }
    return kept
  }
}
