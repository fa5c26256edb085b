// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Tokenization

/// Tokens and their log-probabilities, as clients read them.
struct TokenText {
  /// What stands for a probability that JSON cannot write.
  private static let least: Float = -9999

  let tokenizer: Tokenizer?

  /// The bytes that a token stands for.
  func bytes(_ id: Int32) -> [UInt8] { tokenizer?.bytes(of: id) ?? [] }

  /// A token's text; what splits a character has U+FFFD.
  func text(_ id: Int32) -> String { String(decoding: bytes(id), as: UTF8.self) }

  /// A token's entry, with the likeliest ones at its place.
  func json(_ entry: Completion.LogProbabilities) -> JSONText {
    .object(
      members(entry.chosen)
        + [("top_logprobs", .array(entry.top.map { .object(members($0)) }))]
    )
  }

  private func members(_ entry: TokenLogProbability) -> [(String, JSONText)] {
    let bytes = bytes(entry.id)
    return [
      ("token", .string(String(decoding: bytes, as: UTF8.self))),
      ("logprob", .float(Self.finite(entry.logProbability))),
      ("bytes", .array(bytes.map { .integer(Int($0)) })),
    ]
  }

  static func finite(_ value: Float) -> Float { value.isFinite ? value : least }
}
