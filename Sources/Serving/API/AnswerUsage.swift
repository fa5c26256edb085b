// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Inference
import JSON

/// What an answer took, in tokens.
struct AnswerUsage: Hashable {
  /// The prompt's tokens, once for all choices.
  var promptCount: Int
  /// How many of them a cache held, for the first choice of each prompt.
  var cachedCount = 0
  /// Tokens of all choices, reasoning and ends included.
  var completionCount = 0
  /// How many of those are reasoning; nil where the model does not think apart.
  var reasoningCount: Int?

  /// Adds a choice; prompts and what of them was cached count once, with the first.
  mutating func note(_ text: AnswerText, _ completion: Completion, isFirst: Bool) {
    completionCount += completion.ids.count
    if isFirst { cachedCount += completion.cachedPromptCount }
    if text.hasReasoning { reasoningCount = (reasoningCount ?? 0) + text.reasoningCount }
  }

  /// The usage as DeepSeek's and OpenAI's clients read it: hits and misses are always there, and are
  /// together the prompt.
  var json: JSONText {
    var members: [(String, JSONText)] = [
      ("prompt_tokens", .integer(promptCount)), ("completion_tokens", .integer(completionCount)),
      ("total_tokens", .integer(promptCount + completionCount)),
      ("prompt_tokens_details", .object([("cached_tokens", .integer(cachedCount))])),
    ]
    if let reasoningCount {
      members.append(
        (
          "completion_tokens_details", .object([("reasoning_tokens", .integer(reasoningCount))])
        )
      )
    }
    members.append(("prompt_cache_hit_tokens", .integer(cachedCount)))
    members.append(("prompt_cache_miss_tokens", .integer(promptCount - cachedCount)))
    return .object(members)
  }
}
