// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Tokenization

/// A completion as the contract's JSON object.
struct CompletionText {
  let request: GenerationRequest
  let completion: Completion
  let model: LoadedModel
  let prompt: PreparedPrompt

  var json: JSONText { .object(members) }

  var members: [(String, JSONText)] {
    let parts =
      prompt.isChat
      ? ReasoningText(completion.text, opensReasoning: prompt.opensReasoning) : nil
    return [
      ("prompt_ids", .array(request.promptIDs.map { .integer(Int($0)) })),
      ("ids", .array(completion.ids.map { .integer(Int($0)) })),
      ("text", .string(parts?.answer ?? completion.text)),
      ("reasoning", .string(parts?.reasoning ?? "")),
      ("finish", .string(completion.finish.rawValue)),
      ("logprobs", .array(completion.logProbabilities.map(logProbabilities))),
      ("seed", .integer(Int(truncatingIfNeeded: request.sampling.seed))),
      (
        "timings",
        .object([
          ("load_s", .double(model.loadSeconds)),
          ("prefill_s", .double(completion.prefillSeconds)),
          ("decode_s", .double(completion.decodeSeconds)),
          ("prompt_tokens", .integer(request.promptIDs.count)),
          ("tokens", .integer(completion.ids.count)),
        ])
      ),
    ]
  }

  private func logProbabilities(_ entry: Completion.LogProbabilities) -> JSONText {
    .object(
      pair(entry.chosen) + [("top", .array(entry.top.map { .object(pair($0)) }))]
    )
  }

  private func pair(_ entry: TokenLogProbability) -> [(String, JSONText)] {
    [
      ("id", .integer(Int(entry.id))),
      ("token", .string(model.tokenizer?.piece(of: entry.id) ?? "")),
      ("logprob", .float(entry.logProbability)),
    ]
  }
}
