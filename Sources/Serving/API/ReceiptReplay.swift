// SPDX-License-Identifier: Apache-2.0

import HadalKit
package import Inference
import JSON
import Tokenization

/// The answers of a receipt, computed again from the request that they answer.
package struct ReceiptReplay {
  /// What is not as the receipt has it.
  package struct Difference: Sendable, Hashable {
    /// Of which of the receipt's answers, from 0; nil where it is of all.
    package var choice: Int?
    /// What differs, in the receipt's words, or `token`.
    package var what: String
    /// The token's index in the answer, from 0.
    package var token: Int?
    /// What the receipt has; of a token its check.
    package var receipt: String
    /// What there is here; of a token its text.
    package var here: String

    /// Names a difference.
    package init(
      choice: Int? = nil,
      what: String,
      token: Int? = nil,
      receipt: String,
      here: String
    ) {
      (self.choice, self.what, self.token) = (choice, what, token)
      (self.receipt, self.here) = (receipt, here)
    }
  }

  /// What came of it.
  package struct Verdict: Sendable {
    /// What differs; none proves the answers.
    package var differences: [Difference] = []
    /// How many tokens were computed again and are the receipt's.
    package var tokenCount = 0
    /// The answers' texts, as far as they were computed.
    package var texts: [String] = []
  }

  private let receipt: AnswerReceipt
  private let fields: RequestFields

  /// Prepares a replay.
  ///
  /// - Parameters:
  ///   - receipt: The receipt.
  ///   - request: The body of the request; what it does not say of sampling is the receipt's.
  /// - Throws: `APIError` where the body is no object of JSON.
  package init(_ receipt: AnswerReceipt, request: [UInt8]) throws(APIError) {
    self.receipt = receipt
    fields = try RequestFields(request)
  }

  /// Computes the answers, each up to its first difference.
  ///
  /// - Parameter model: The model, for which it is the receipt's time.
  /// - Throws: `APIError` where the request is none that the model can answer.
  /// - Returns: What came of it; where what makes the answers differs already, none is computed.
  package func run(_ model: ServedModel) async throws(APIError) -> Verdict {
    var verdict = Verdict(differences: originDifferences(model))
    guard verdict.differences.isEmpty else { return verdict }
    let plan = try plan(model)
    verdict.differences = samplingDifferences(plan.options) + promptDifferences(plan)
    guard verdict.differences.isEmpty else { return verdict }
    for (index, choice) in receipt.choices.enumerated() {
      let answer = try await answer(index, choice, plan.orders[index], model)
      verdict.tokenCount += answer.tokenCount
      verdict.texts.append(answer.text)
      if let difference = answer.difference { verdict.differences.append(difference) }
    }
    return verdict
  }

  private func plan(_ model: ServedModel) throws(APIError) -> AnswerPlan {
    let name = try fields.string("model") ?? receipt.model
    let request: ChatCompletionRequest
    switch receipt.form {
    case .text: return AnswerPlan(text: try TextCompletionRequest(fields, model), model)
    case .chat: request = try ChatCompletionRequest(fields, model, name: name)
    case .messages:
      request = try MessagesRequest(fields, model, name: name, for: .answer).chat
    }
    let isEnded = receipt.choices.contains { $0.thinkingEnd != nil }
    return try AnswerPlan(chat: request, model, isAlias: ModelAlias(rawValue: name) != nil) { _ in
      isEnded ? ThinkingEnd() : nil
    }
  }

  // MARK: What is known before anything is computed

  private func originDifferences(_ model: ServedModel) -> [Difference] {
    let (there, here) = (receipt.origin, model.origin)
    let facts: [(what: String, receipt: String, here: String)] = [
      ("arithmetic", String(there.arithmetic), String(here.arithmetic)),
      ("weights", there.weights ?? "unknown", here.weights ?? "unknown"),
      ("template", there.template ?? "none", here.template ?? "none"),
      ("compute", there.computeType, here.computeType),
      ("cache", there.cacheType, here.cacheType),
    ]
    return facts.filter { $0.receipt != $0.here }.map { fact in
      Difference(what: fact.what, receipt: fact.receipt, here: fact.here)
    }
  }

  /// Where the request asks for something else than the receipt says was done.
  private func samplingDifferences(_ options: AnswerOptions) -> [Difference] {
    var asked = receipt
    asked.sampling = options.sampling
    var pairs = zip(receipt.samplingMembers, asked.samplingMembers).map { there, here in
      (what: there.0, receipt: there.1.text, here: here.1.text)
    }
    let lengths = (receipt.maxTokens ?? 0, options.maxTokens ?? 0)
    for name in ["max_tokens", "max_completion_tokens"] {
      pairs.append((what: name, receipt: String(lengths.0), here: String(lengths.1)))
    }
    return pairs.filter { fields.value($0.what) != nil && $0.receipt != $0.here }.map { pair in
      Difference(what: pair.what, receipt: pair.receipt, here: pair.here)
    }
  }

  private func promptDifferences(_ plan: AnswerPlan) -> [Difference] {
    guard plan.orders.count == receipt.choices.count else {
      return [
        Difference(
          what: "choices",
          receipt: "\(receipt.choices.count)",
          here: "\(plan.orders.count)"
        )
      ]
    }
    return zip(receipt.choices, plan.orders).enumerated().compactMap { index, pair in
      let (choice, order) = pair
      let hash = TokenTrail.promptHash(order.request.promptIDs)
      let isSame =
        hash == choice.promptHash && order.request.promptIDs.count == choice.promptCount
        && order.request.choiceIndex == choice.index
      guard !isSame else { return nil }
      return Difference(
        choice: index,
        what: "prompt",
        receipt: "\(choice.promptCount) tokens, \(choice.promptHash)",
        here: "\(order.request.promptIDs.count) tokens, \(hash)"
      )
    }
  }

  // MARK: Answers

  /// Computes one answer again.
  private func answer(
    _ index: Int,
    _ choice: AnswerReceipt.Choice,
    _ order: AnswerRun.Order,
    _ model: ServedModel
  ) async throws(APIError) -> (difference: Difference?, tokenCount: Int, text: String) {
    var watch = TrailWatch(index, choice, order.request.promptIDs)
    // One that was given up before its first token has nothing to be proved.
    if choice.trail.count == 0, choice.finish == .cancelled {
      return (watch.end(.cancelled), 0, "")
    }
    if let most = receipt.maxTokens, choice.trail.count > most {
      return (watch.exceeds(most), 0, "")
    }
    let request = request(choice, order)
    let constraint = order.constraint?.choice(choice.index, thinkingEnd: choice.thinkingEnd)
    let events: AsyncStream<EngineEvent>
    do throws(EngineRefusal) {
      events = try await model.engine.submit(request, constraint: constraint)
    } catch {
      throw APIError(error, promptCount: request.promptIDs.count, "messages")
    }
    for await event in events {
      switch event {
      case .waiting, .began, .scored: break
      case .token(let token):
        if let difference = watch.take(token, TokenText(tokenizer: model.prompts.tokenizer)) {
          return (difference, watch.sameCount, watch.text)
        }
      case .ended(.success(let completion)):
        watch.text = completion.text
        return (watch.end(completion.finish), watch.sameCount, watch.text)
      case .ended(.failure(let error)): throw APIError(error)
      }
    }
    throw .cancelled
  }

  private func request(
    _ choice: AnswerReceipt.Choice,
    _ order: AnswerRun.Order
  ) -> GenerationRequest {
    var request = order.request
    let bias = request.sampling.penalties.bias
    request.sampling = receipt.sampling
    request.sampling.penalties.bias = bias
    // Of one that ended by itself the token behind its end would show that it does not here.
    request.maxTokens = choice.trail.count + (choice.finish == .stop ? 1 : 0)
    (request.topLogProbabilities, request.promptLogProbabilities) = (nil, nil)
    return request
  }
}
