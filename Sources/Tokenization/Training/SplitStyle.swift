// SPDX-License-Identifier: Apache-2.0

import JSON

/// The published ways to cut text into pieces, for tokenizers that are trained here.
public enum SplitStyle: String, Sendable, Hashable, CaseIterable {
  /// DeepSeek-V3: up to three digits, Han and kana by themselves, then words with what stands before
  /// them.
  case deepSeekV3 = "deepseek-v3"
  /// GPT-2: words and numbers with the space before them.
  case gpt2
  /// Qwen-2: words with what stands before them, digits one by one.
  case qwen2
  /// Llama-3: words with what stands before them, up to three digits.
  case llama3

  /// `pre_tokenizer` of tokenizer.json.
  var json: JSONText {
    switch self {
    case .deepSeekV3:
      Self.sequence([#"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+", Splitter.deepSeek3Pattern])
    case .gpt2: Self.byteLevel(usesRegex: true)
    case .qwen2:
      Self.sequence([Splitter.contractionsHead + #"\p{N}"# + Splitter.contractionsTail])
    case .llama3:
      Self.sequence([Splitter.contractionsHead + #"\p{N}{1,3}"# + Splitter.contractionsTail])
    }
  }

  private static func sequence(_ patterns: [String]) -> JSONText {
    let splits = patterns.map { pattern in
      JSONText.object([
        ("type", .string("Split")),
        ("pattern", .object([("Regex", .string(pattern))])),
        ("behavior", .string("Isolated")),
        ("invert", .boolean(false)),
      ])
    }
    return .object([
      ("type", .string("Sequence")),
      ("pretokenizers", .array(splits + [byteLevel(usesRegex: false)])),
    ])
  }

  /// A step or a decoder that writes bytes in the byte alphabet.
  static func byteLevel(usesRegex: Bool) -> JSONText {
    .object([
      ("type", .string("ByteLevel")),
      ("add_prefix_space", .boolean(false)),
      ("trim_offsets", .boolean(true)),
      ("use_regex", .boolean(usesRegex)),
    ])
  }
}
