// SPDX-License-Identifier: Apache-2.0

import Inference
import Models

/// What the answers of a conversation took.
struct ChatStatistics {
  private(set) var answerCount = 0
  private(set) var promptCount = 0
  private(set) var cachedCount = 0
  private(set) var tokenCount = 0
  private(set) var prefillSeconds = 0.0
  private(set) var decodeSeconds = 0.0
  /// How many tokens the conversation took when it was last answered.
  private(set) var contextCount = 0
  private var last: (tokens: Int, seconds: Double)?

  /// Adds an answer.
  mutating func add(_ request: GenerationRequest, _ completion: Completion) {
    answerCount += 1
    promptCount += request.promptIDs.count
    cachedCount += completion.cachedPromptCount
    tokenCount += completion.ids.count
    prefillSeconds += completion.prefillSeconds
    decodeSeconds += completion.decodeSeconds
    contextCount = request.promptIDs.count + completion.ids.count
    last = (completion.ids.count, completion.decodeSeconds)
  }

  /// One line about the last answer.
  func line(contextLength: Int) -> String {
    let share = Int((Double(contextCount) / Double(max(contextLength, 1)) * 100).rounded())
    let context = "context \(contextCount) of \(contextLength) (\(share) %)"
    guard let last else { return context }
    let count = last.tokens == 1 ? "1 token" : "\(last.tokens) tokens"
    // The first token comes with the prompt.
    guard last.tokens > 1, last.seconds > 0 else { return "\(count) · \(context)" }
    let rate = ChatScreen.rounded(Double(last.tokens - 1) / last.seconds)
    return "\(count) · \(rate) tokens/s · \(context)"
  }

  /// Lines about all answers.
  func lines(_ model: ChatModel) -> [String] {
    let seconds = ChatScreen.text(seconds: prefillSeconds + decodeSeconds)
    return [
      "model     \(model.name) (\(model.loaded.decoder.architecture.name))",
      "answers   \(answerCount), \(tokenCount) tokens in \(seconds)",
      "prompts   \(promptCount) tokens, \(cachedCount) of them from the cache",
      "context   \(contextCount) of \(model.loaded.contextLength) tokens",
      "memory    \(model.loaded.memory.notice)",
    ]
  }
}

/// How much of a long prompt has been computed.
final class PromptProgress {
  var hasText = false
  private let screen: ChatScreen
  private let count: Int
  private let chunk: Int
  private var stepCount = 0
  private let start = ContinuousClock.now

  init(_ screen: ChatScreen, count: Int, chunk: Int) {
    (self.screen, self.count, self.chunk) = (screen, count, chunk)
  }

  /// Counts a pass that begins; it is shown when a person has begun to wonder.
  func step() {
    let done = stepCount * chunk
    stepCount += 1
    guard !hasText, done < count, start.duration(to: .now) > .milliseconds(500) else { return }
    // What cannot be shown here fails with the answer, which says so.
    try? screen.progress(done, of: count)
  }
}
