// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON

/// Log-probabilities in the form of `/completions`: lists side by side.
struct LegacyLogProbabilities {
  /// The lists as one object.
  let json: JSONText

  /// Makes the lists of an answer's tokens.
  init(_ entries: [Completion.LogProbabilities], _ tokens: TokenText) {
    var offset = 0
    var offsets: [JSONText] = []
    for entry in entries {
      offsets.append(.integer(offset))
      offset += tokens.text(entry.chosen.id).unicodeScalars.count
    }
    json = .object([
      ("tokens", .array(entries.map { .string(tokens.text($0.chosen.id)) })),
      (
        "token_logprobs",
        .array(entries.map { .float(TokenText.finite($0.chosen.logProbability)) })
      ),
      ("top_logprobs", .array(entries.map { Self.top($0, tokens) })),
      ("text_offset", .array(offsets)),
    ])
  }

  /// The likeliest tokens by their texts; of tokens with one text the likeliest counts.
  private static func top(
    _ entry: Completion.LogProbabilities,
    _ tokens: TokenText
  ) -> JSONText {
    var members: [(String, JSONText)] = []
    var seen: Set<String> = []
    for token in entry.top {
      let text = tokens.text(token.id)
      guard seen.insert(text).inserted else { continue }
      members.append((text, .float(TokenText.finite(token.logProbability))))
    }
    return .object(members)
  }
}
