// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Small tokenizers written by hand, for errors and for the fuzzer.
enum TinyTokenizer {
  /// Returns a byte-level tokenizer of the 256 bytes, a few merges and two added tokens.
  static func byteLevel(
    normalizer: String = "null",
    preTokenizer: String = #"{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}"#,
    extraPieces: String = #","he":256,"ll":257,"hell":258,"Ġt":259"#,
    merges: String = #""h e","l l",["he","ll"],"Ġ t""#,
    addedTokens: String = """
    {"id":260,"content":"<|end|>","special":true},{"id":261,"content":"<|user|>","special":false}
    """,
    options: String = "",
    postProcessor: String = "null",
    decoder: String = #"{"type":"ByteLevel"}"#
  ) -> [UInt8] {
    var pieces: [String] = []
    for (id, scalar) in ByteLevelAlphabet.scalars.enumerated() {
      let digits = String(scalar, radix: 16)
      let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      pieces.append("\"\(escape)\":\(id)")
    }
    let text = """
      {"version":"1.0","added_tokens":[\(addedTokens)],"normalizer":\(normalizer),
      "pre_tokenizer":\(preTokenizer),"post_processor":\(postProcessor),"decoder":\(decoder),
      "model":{"type":"BPE"\(options),"vocab":{\(pieces.joined(separator: ","))\(extraPieces)},
      "merges":[\(merges)]}}
      """
    return Array(text.utf8)
  }
}
