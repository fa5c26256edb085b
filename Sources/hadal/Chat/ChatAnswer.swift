// SPDX-License-Identifier: Apache-2.0

import Inference
import Storage

/// One answer while it comes: stored, then shown.
struct ChatAnswer {
  private let conversation: ChatConversation
  private let screen: ChatScreen
  private var writer: AnswerWriter?
  private var reasoning: ReasoningStream
  private var pending: [ReasoningStream.Part] = []
  private var lastFlush = ContinuousClock.now
  private let start = ContinuousClock.now
  private var reasoningStart: ContinuousClock.Instant?
  private(set) var reasoningSeconds: Double?
  private var tokenCount = 0
  /// Why the answer can no longer be stored or shown.
  private(set) var failure: (any Error)?

  // LIMIT: a screen shows no more pictures a second; a fast model's tokens are stored together.
  private static let interval = Duration.milliseconds(16)

  init(
    _ conversation: ChatConversation,
    _ screen: ChatScreen,
    _ prompt: PreparedPrompt,
    seed: UInt64?
  )
    throws
  {
    self.conversation = conversation
    self.screen = screen
    reasoning = ReasoningStream(opensReasoning: prompt.opensReasoning)
    writer = try conversation.beginAnswer(seed: seed)
    if prompt.opensReasoning { reasoningStart = start }
  }

  /// Takes more of the generated text.
  mutating func append(_ text: String) {
    pending += reasoning.append(text)
    if lastFlush.duration(to: .now) >= Self.interval { flush() }
  }

  /// Stores and shows what came.
  mutating func flush() {
    guard failure == nil, !pending.isEmpty else { return }
    var texts = (reasoning: "", answer: "")
    for part in pending {
      switch part {
      case .reasoning(let text): texts.reasoning += text
      case .answer(let text): texts.answer += text
      }
    }
    pending = []
    lastFlush = .now
    do {
      try writer?.append(content: texts.answer, reasoning: texts.reasoning)
      conversation.append(toAnswer: texts.answer)
      if !texts.reasoning.isEmpty {
        if reasoningStart == nil { reasoningStart = .now }
        try screen.reasoning(texts.reasoning)
      }
      if !texts.answer.isEmpty {
        try endReasoning()
        try screen.answer(texts.answer)
      }
    } catch { failure = error }
  }

  private mutating func endReasoning() throws {
    guard reasoningSeconds == nil, let reasoningStart else { return }
    let seconds = reasoningStart.duration(to: .now) / .seconds(1)
    reasoningSeconds = seconds
    try screen.endReasoning(seconds: seconds)
  }

  /// Ends the answer: the rest of the text, how it ended, and its figures.
  mutating func finish(_ completion: Inference.Completion, promptTokenCount: Int) {
    pending += reasoning.finish()
    flush()
    do {
      // An answer that ends inside its reasoning has thought until now.
      if reasoningSeconds == nil, let reasoningStart {
        reasoningSeconds = reasoningStart.duration(to: .now) / .seconds(1)
      }
      try writer?.finish(
        Self.reason(completion.finish),
        figures: AnswerFigures(
          promptTokens: promptTokenCount,
          completionTokens: completion.ids.count,
          reasoningSeconds: reasoningSeconds,
          prefillSeconds: completion.prefillSeconds,
          decodeSeconds: completion.decodeSeconds
        )
      )
    } catch { failure = failure ?? error }
  }

  /// Ends an answer whose computation failed.
  mutating func abandon() {
    pending += reasoning.finish()
    flush()
    try? writer?.finish(.interrupted)
  }

  private static func reason(_ finish: Inference.Completion.Finish) -> FinishReason {
    switch finish {
    case .stop: .stop
    case .length: .length
    case .loop: .loop
    case .cancelled: .interrupted
    }
  }
}
