// SPDX-License-Identifier: Apache-2.0

import Constraints
import Inference
import Tokenization

/// What comes of one question: the model is heard, its tools are called, and it is asked again, until it
/// is done.
///
/// All of it happens in the task that wants the next piece, so that its cancellation ends all of it.
struct Exchange {
  private enum Stage {
    case asking
    case hearing(Round)
    /// Calls that are left to be made; of the first one has been told or not.
    case calling(ArraySlice<ToolCall>, isTold: Bool)
    case done
  }

  private let model: Model
  private let options: AnswerOptions
  private let sampling: SamplingParameters
  private let tools: ToolSet
  private let turn: Conversation.Turn?
  /// The text that is gone on with, where there is no conversation.
  private let text: String
  private let time = LocalTime.now
  private var messages: [Message] = []
  private var stage = Stage.asking
  private var answer = Answer()

  /// Begins an answer.
  ///
  /// - Throws: `HadalError` where the options or the tools cannot be used, or an answer is under way.
  init(
    _ model: Model,
    _ question: AnswerPieces.Question,
    _ options: AnswerOptions
  ) throws(HadalError) {
    try options.check()
    self.model = model
    self.options = options
    sampling = options.sampling(model.defaults)
    answer.seed = sampling.seed
    switch question {
    case .text(let text):
      (self.text, turn, tools) = (text, nil, try ToolSet([]))
    case .message(let text, let conversation):
      tools = try ToolSet(conversation.tools)
      // Known before anything is computed.
      _ = try tools.rules(options.toolChoice, isParallel: options.allowsSeveralCalls)
      let turn = try conversation.beginTurn()
      (self.text, self.turn) = ("", turn)
      messages = turn.messages + [Message(.user, text)]
    }
  }

  /// The next piece; nil behind the last one.
  mutating func next(isolation actor: isolated (any Actor)?) async throws -> Piece? {
    while true {
      let now = stage
      stage = .done
      switch now {
      case .asking: stage = .hearing(try await ask())
      case .hearing(var round):
        if let piece = try await round.next(isolation: actor) {
          stage = .hearing(round)
          note(piece)
          return piece
        }
        if let piece = try end(round) { return piece }
      case .calling(let calls, let isTold):
        guard let call = calls.first else {
          stage = .asking
          continue
        }
        if isTold { return try await make(call, before: calls.dropFirst()) }
        stage = .calling(calls, isTold: true)
        return Piece(call: call)
      case .done: return nil
      }
    }
  }

  // MARK: Asking

  private func ask() async throws -> Round {
    try Task.checkCancellation()
    let choice =
      answer.usage.roundCount == 0 || options.toolChoice == .none
      ? options.toolChoice : .auto
    let rules =
      turn == nil
      ? nil : try tools.rules(choice, isParallel: options.allowsSeveralCalls)
    let prompt =
      turn == nil
      ? try model.prompt(text)
      : try model.prompt(messages, rules == nil ? nil : tools.prompt, options.thinks, time)
    var form = AnswerForm()
    form.schema = try options.format.schema()
    form.calls = rules
    form.mayThink = options.thinks != false
    form.thinkingBudget = options.thinkingBudget
    let request = GenerationRequest(
      promptIDs: prompt.ids,
      maxTokens: options.maxTokens ?? model.contextLength,
      sampling: sampling,
      stops: options.stops,
      endsLoops: options.endsLoops,
      topLogProbabilities: options.topLogProbabilities,
      usesPrefixCache: options.usesCache
    )
    return try await Round(model, prompt, request, form, owner: options.owner)
  }

  // MARK: Hearing

  private mutating func note(_ piece: Piece) {
    answer.text += piece.text
    answer.reasoning += piece.reasoning
    if let token = piece.token { answer.tokens.append(token) }
  }

  /// Takes a round that ended.
  ///
  /// - Returns: The last piece, unless tools are to be called.
  private mutating func end(_ round: Round) throws -> Piece? {
    guard let ended = round.ended else { throw CancellationError() }
    answer.usage.promptCount += round.promptCount
    answer.usage.cachedCount += ended.cachedPromptCount
    answer.usage.answerCount += ended.ids.count
    answer.usage.reasoningCount += round.text.reasoningCount
    answer.usage.roundCount += 1
    let calls = round.calls(prefix: "call_\(messages.count)")
    messages.append(
      Message(
        .assistant,
        round.text.whole.content,
        reasoning: round.text.whole.reasoning,
        calls: calls
      )
    )
    guard calls.isEmpty else {
      guard answer.usage.roundCount <= options.toolRounds else {
        throw HadalError(
          .toolRounds,
          "the model calls tools again after \(options.toolRounds) rounds of calls",
          place: "tool '\(calls[0].name)'",
          remedy: "raise 'toolRounds', or say in a tool's result that it is enough"
        )
      }
      stage = .calling(calls[...], isTold: false)
      return nil
    }
    switch ended.finish {
    case .stop: answer.finish = .stop
    case .length: answer.finish = .length
    case .loop: answer.finish = .loop
    case .cancelled: throw CancellationError()
    }
    if let turn { turn.keep(messages[turn.messages.count...]) }
    return Piece(answer: answer)
  }

  // MARK: Calling

  private mutating func make(
    _ call: ToolCall,
    before others: ArraySlice<ToolCall>
  ) async throws -> Piece {
    try Task.checkCancellation()
    var call = call
    let result = try await tools.result(of: call)
    try Task.checkCancellation()
    call.result = result
    answer.calls.append(call)
    messages.append(Message(.tool, result, callID: call.id))
    stage = .calling(others, isTold: false)
    return Piece(call: call)
  }
}

extension AnswerFormat {
  fileprivate func schema() throws(HadalError) -> JSONSchema? {
    switch self {
    case .text: nil
    case .json: .anyObject
    case .schema(let schema): try schema.compiled()
    }
  }
}
