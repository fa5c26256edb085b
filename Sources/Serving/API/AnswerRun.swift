// SPDX-License-Identifier: Apache-2.0

import Constraints
import HadalKit
import Inference
package import JSON
import Models
import Storage

/// The answers to one request, which the engine has taken.
package struct AnswerRun: Sendable {
  /// One choice: what becomes of it, and where it begins.
  struct Choice: Sendable {
    let events: AsyncStream<EngineEvent>
    let order: Order

    /// Whether the prompt comes with what its tokens are worth, once they are computed.
    var isScored: Bool { order.request.promptLogProbabilities != nil }

    /// What the receipt says of it.
    func entry(_ completion: Completion) -> AnswerReceipt.Choice {
      let index = order.request.choiceIndex
      return AnswerReceipt.Choice(
        order.request,
        ids: completion.ids,
        finish: completion.finish,
        thinkingEnd: order.thinkingEnd?.tokenCount(choice: index)
      )
    }
  }

  let wire: AnswerWire
  let choices: [Choice]
  let includesUsage: Bool
  /// Its receipt, without an answer yet.
  let receipt: AnswerReceipt
  private let receipts: AnswerReceipts
  /// The key of whoever asks.
  private let keyID: String?
  /// What is known of it before any answer.
  let usage: AnswerUsage

  /// One choice as it is asked for.
  struct Order {
    var request: GenerationRequest
    var prompt: PreparedPrompt
    /// What stands before the answer.
    var echo = ""
    /// What it must keep to.
    var constraint: AnswerConstraint?
    /// What a person may end its thinking with.
    var thinkingEnd: ThinkingEnd?
    /// What finds calls in it; nil where there are no tools.
    var calls: ToolCallStream?
  }

  /// Hands a request's choices to the engine: what it refuses is known before anything is sent.
  init(
    _ plan: AnswerPlan,
    _ model: ServedModel,
    _ wire: AnswerWire,
    _ receipts: AnswerReceipts
  ) async throws(APIError) {
    self.wire = wire
    self.receipts = receipts
    keyID = APICaller.current.key?.id
    includesUsage = plan.options.includesUsage
    receipt = AnswerReceipt(
      id: wire.id,
      form: wire.kind,
      time: plan.time,
      model: model.name,
      origin: model.origin,
      sampling: plan.options.sampling,
      maxTokens: plan.options.maxTokens
    )
    var choices: [Choice] = []
    // One that is refused cancels those before it: nobody listens to them.
    for order in plan.orders {
      do throws(EngineRefusal) {
        let events = try await model.engine.submit(
          order.request,
          constraint: order.constraint,
          owner: plan.options.owner
        )
        choices.append(Choice(events: events, order: order))
      } catch {
        throw APIError(error, promptCount: order.prompt.ids.count, wire.kind.promptField)
      }
    }
    self.choices = choices
    let prompts = plan.orders.filter { $0.request.choiceIndex == 0 }.map(\.prompt.ids.count)
    usage = AnswerUsage(promptCount: prompts.reduce(0, +))
  }

  /// Keeps the receipt of its answers, before their end is sent.
  func keep(_ receipt: AnswerReceipt) { receipts.add(receipt, keyID: keyID) }

  /// Waits for all choices.
  ///
  /// - Returns: All of them, or why one failed.
  package func answer() async -> Result<JSONText, APIError> {
    var (usage, receipt) = (usage, receipt)
    var ended: [(text: AnswerText, finish: String)] = []
    for choice in choices {
      var text = AnswerText(choice.order)
      var finish: String?
      for await event in choice.events {
        switch event {
        case .waiting, .began: break
        case .scored(let entries): _ = text.takeEcho(entries)
        case .token(let token): _ = text.take(token)
        case .ended(.success(let completion))
        where wire.kind == .messages && completion.finish == .cancelled:
          return .failure(.cancelled)
        case .ended(.success(let completion)):
          _ = text.finish(completion.finish, stop: completion.stop)
          finish = text.reason(completion.finish)
          usage.note(text, completion, isFirst: choice.order.request.choiceIndex == 0)
          receipt.choices.append(choice.entry(completion))
        case .ended(.failure(let error)): return .failure(APIError(error))
        }
      }
      guard let finish else { return .failure(.cancelled) }
      ended.append((text, finish))
    }
    keep(receipt)
    return .success(wire.answer(ended, usage))
  }
}
