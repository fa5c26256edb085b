// SPDX-License-Identifier: Apache-2.0

import Constraints
import Inference
import Tokenization

/// One request to the engine while its answer comes.
struct Round {
  private let model: Model
  private var events: AsyncStream<EngineEvent>.AsyncIterator
  /// What came so far.
  private(set) var text: AnswerText
  /// What came of it; nil before its end.
  private(set) var ended: Completion?
  /// How many tokens its prompt has.
  let promptCount: Int

  /// Hands a request to the engine.
  ///
  /// - Throws: `HadalError` where the model cannot keep to the form, or the engine takes no more.
  init(
    _ model: Model,
    _ prompt: PreparedPrompt,
    _ request: GenerationRequest,
    _ form: AnswerForm,
    owner: String
  ) async throws(HadalError) {
    self.model = model
    promptCount = prompt.ids.count
    text = AnswerText(prompt, calls: model.constraints?.callStream(form.calls))
    let constraint: (any TokenConstraint)?
    do throws(FormFault) {
      constraint = try model.constraints?.constraint(form, opensReasoning: prompt.opensReasoning)
    } catch {
      throw HadalError(.option, error)
    }
    do throws(EngineRefusal) {
      events = try await model.engine.submit(request, constraint: constraint, owner: owner)
        .makeAsyncIterator()
    } catch {
      throw HadalError(error)
    }
  }

  /// The next piece; nil behind the end, also where the task was cancelled.
  mutating func next(isolation actor: isolated (any Actor)?) async throws(HadalError) -> Piece? {
    while ended == nil, let event = await events.next(isolation: actor) {
      let part: AnswerText.Piece
      switch event {
      case .waiting, .began, .scored: continue
      case .token(let token): part = text.take(token)
      case .ended(.success(let completion)):
        ended = completion
        part = text.finish(completion.finish)
      case .ended(.failure(let error)): throw HadalError(.computing, error)
      }
      if let piece = piece(part) { return piece }
    }
    return nil
  }

  private func piece(_ part: AnswerText.Piece) -> Piece? {
    let entry = part.reasoningEntries.first ?? part.contentEntries.first
    guard !part.content.isEmpty || !part.reasoning.isEmpty || entry != nil else { return nil }
    return Piece(
      text: part.content,
      reasoning: part.reasoning,
      token: entry.map { TokenProbability($0, model.prompts.tokenizer) }
    )
  }

  /// The calls with which it ended; none where the last one is not whole.
  func calls(prefix: String) -> [ToolCall] {
    guard ended?.finish == .stop, text.endsWithCalls else { return [] }
    var calls: [(name: String, arguments: String)] = []
    for part in text.whole.calls {
      switch part {
      case .content: break
      case .began(_, let name): calls.append((name, ""))
      case .arguments(let index, let text): calls[index].arguments += text
      }
    }
    return calls.enumerated().map { index, call in
      ToolCall(id: "\(prefix)_\(index)", name: call.name, arguments: call.arguments)
    }
  }
}

extension TokenProbability {
  fileprivate init(_ entry: Completion.LogProbabilities, _ tokenizer: Tokenizer?) {
    func candidate(_ token: TokenLogProbability) -> Candidate {
      Candidate(
        id: token.id,
        bytes: tokenizer?.bytes(of: token.id) ?? [],
        logProbability: token.logProbability
      )
    }
    chosen = candidate(entry.chosen)
    top = entry.top.map(candidate)
  }
}
