// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Inference
import Tokenization

/// What a request wants of the engine: its answers, each with its prompt and what it must keep to.
struct AnswerPlan {
  let orders: [AnswerRun.Order]
  let options: AnswerOptions
  /// Fields that were not looked at.
  let ignoredNames: [String]
  /// What templates saw as now.
  let time: CalendarTime

  /// Plans the answers to a conversation.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - model: Who answers.
  ///   - isAlias: Whether it was asked for by a name that is not its own.
  ///   - makeEnd: Makes what ends its thinking before its own end, told whether it streams; nil where
  ///     nothing does.
  /// - Throws: `APIError` where the model cannot do what the request wants.
  init(
    chat request: ChatCompletionRequest,
    _ model: ServedModel,
    isAlias: Bool,
    makeEnd: (_ streams: Bool) -> ThinkingEnd?
  ) throws(APIError) {
    time = model.now()
    let prompt = try model.prompt(request, isAlias: isAlias, time: time)
    let end = makeEnd(request.options.streams)
    let constraint = try model.constraint(request, prompt, end: end)
    let calls = model.callStream(request)
    orders = request.options.requests(
      prompt.ids,
      contextLength: model.contextLength,
      topLogProbabilities: request.topLogProbabilities
    ).map {
      AnswerRun.Order(
        request: $0,
        prompt: prompt,
        constraint: constraint?.choice($0.choiceIndex),
        thinkingEnd: end,
        calls: calls
      )
    }
    options = request.options
    ignoredNames = request.ignoredNames
  }

  /// Plans the answers to texts that are gone on with.
  init(text request: TextCompletionRequest, _ model: ServedModel) {
    time = model.now()
    orders = zip(request.prompts, request.echoes).flatMap { ids, echo in
      request.options.requests(
        ids,
        contextLength: model.contextLength,
        topLogProbabilities: request.topLogProbabilities
      ).map { choice in
        var choice = choice
        choice.promptLogProbabilities = request.promptLogProbabilities
        return AnswerRun.Order(request: choice, prompt: PreparedPrompt(ids: ids), echo: echo)
      }
    }
    options = request.options
    ignoredNames = request.ignoredNames
  }
}
