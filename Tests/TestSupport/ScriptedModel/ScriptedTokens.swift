// SPDX-License-Identifier: Apache-2.0

/// The vocabulary of a scripted model: the bytes, for what users type, the pieces of the answers, each
/// of them once, and the control tokens.
struct ScriptedTokens {
  private(set) var pieces: [String] = []
  private(set) var successors: [Int32: Int32] = [:]
  private let answerCount: Int

  private static let control = [
    "<s>", "</s>", "<|user|>", "<|assistant|>", "<|system|>", "<|tool|>", "<|silent|>", "<think>",
  ]

  init(_ answers: [ScriptedModel.Answer]) {
    answerCount = answers.count
    var taken: Set<String> = []
    var chains: [[Int32]] = []
    for answer in answers {
      let cut = Self.cut(answer.text, &taken)
      chains.append(cut.indices.map { Int32(256 + pieces.count + $0) })
      pieces += cut
    }
    for (index, chain) in chains.enumerated() {
      guard let first = chain.first, let last = chain.last else { continue }
      successors[controlID(Self.control.count + index)] = first
      for (id, next) in zip(chain, chain.dropFirst()) { successors[id] = next }
      successors[last] = answers[index].isEndless ? first : endID
    }
    // Where the prompt ends inside the reasoning, every answer is the first one.
    if let first = chains.first?.first { successors[controlID(7)] = first }
  }

  var count: Int { 256 + pieces.count + Self.control.count + answerCount }
  var beginID: Int32 { controlID(0) }
  var endID: Int32 { controlID(1) }

  private func controlID(_ index: Int) -> Int32 { Int32(256 + pieces.count + index) }

  /// Cuts a text before its spaces, into pieces that nobody took: a piece that was, takes the next in.
  private static func cut(_ text: String, _ taken: inout Set<String>) -> [String] {
    var words: [String] = []
    for scalar in text.unicodeScalars {
      if scalar == " " || words.isEmpty { words.append("") }
      words[words.count - 1].unicodeScalars.append(scalar)
    }
    var pieces: [String] = []
    var piece = ""
    for word in words {
      piece += word
      guard piece.utf8.count > 1, taken.insert(piece).inserted else { continue }
      pieces.append(piece)
      piece = ""
    }
    if !piece.isEmpty { pieces[pieces.count - 1] += piece }
    return pieces
  }

  /// `tokenizer.json`.
  var tokenizer: String {
    let bytes = (0..<256).map { "\"\(Self.escaped([UInt8($0)]))\":\($0)" }
    let named = pieces.enumerated().map { "\"\(Self.escaped(Array($1.utf8)))\":\(256 + $0)" }
    let names = Self.control + (0..<answerCount).map { "<|answer\($0)|>" }
    let added = names.enumerated().map { index, name in
      #"{"id":\#(controlID(index)),"content":"\#(name)","special":\#(name != "<think>"),"#
        + #""single_word":false,"lstrip":false,"rstrip":false,"normalized":false}"#
    }
    return """
      {"version":"1.0","truncation":null,"padding":null,
       "added_tokens":[\(added.joined(separator: ","))],"normalizer":null,
       "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
       "post_processor":null,"decoder":{"type":"ByteLevel"},
       "model":{"type":"BPE","vocab":{\((bytes + named).joined(separator: ","))},"merges":[]}}
      """
  }

  /// Bytes in the alphabet of byte-level tokenizers, as a JSON string.
  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(ByteLevelAlphabet.scalars[Int(byte)], radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}
