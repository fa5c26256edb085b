// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON

/// Log-probabilities in the form of `/completions`: lists side by side.
struct LegacyLogProbabilities {
  /// The lists as one object.
  let json: JSONText

  /// Makes the lists of some tokens.
  ///
  /// - Parameters:
  ///   - unscored: A token before them that nothing stands before, and whose probability is null.
  ///   - entries: The tokens.
  ///   - tokens: What makes text of tokens.
  init(
    unscored: Int32? = nil,
    _ entries: [Completion.LogProbabilities],
    _ tokens: TokenText
  ) {
    var offset = 0
    var lists: [(name: String, values: [JSONText])] = [
      ("tokens", []), ("token_logprobs", []), ("top_logprobs", []), ("text_offset", []),
    ]
    func append(_ id: Int32, _ logProbability: JSONText, _ top: JSONText) {
      let text = tokens.text(id)
      for (index, value) in [.string(text), logProbability, top, .integer(offset)].enumerated() {
        lists[index].values.append(value)
      }
      offset += text.unicodeScalars.count
    }
    if let unscored { append(unscored, .null, .null) }
    for entry in entries {
      let value = TokenText.finite(entry.chosen.logProbability)
      append(entry.chosen.id, .float(value), Self.top(entry, tokens))
    }
    json = .object(lists.map { ($0.name, .array($0.values)) })
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
