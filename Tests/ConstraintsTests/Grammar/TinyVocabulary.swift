// SPDX-License-Identifier: Apache-2.0

import Constraints
import JSON
import TestSupport

/// Small vocabularies for tests: all bytes, random pieces, some control tokens and an end.
enum TinyVocabulary {
  /// Control tokens stand at these ids, behind the bytes.
  static let begin: Int32 = 256
  static let close: Int32 = 257
  static let end: Int32 = 258
  static let firstPiece = 259

  /// The bytes of each token; pieces are cut from texts that JSON is made of.
  static func tokenBytes(seed: UInt64, pieceCount: Int = 120) -> [[UInt8]?] {
    var generator = SplitMix64(seed: seed)
    var tokens: [[UInt8]?] = (0...255).map { [UInt8($0)] }
    tokens += [nil, nil, nil]
    let source =
      Array(
        #"{"name": "Ada", "age":36,"tags":["a","b"],"x":{"y":[[1,2.50],[-3e+7]]}}]}]]"#.utf8
      ) + Array("\n    \"k\": null,\n  true false \\u00e9\\ud83d\\ude00\\\" héllo 你好 😀 \"}}".utf8)
      + Array(#"":{"value":["red","green"], "id":10,"2024-02-29T10:00:00Z", [{},{"a":""}"#.utf8)
    for _ in 0..<pieceCount {
      let start = Int.random(in: 0..<source.count, using: &generator)
      let count = Int.random(in: 2...7, using: &generator)
      tokens.append(Array(source[start..<min(source.count, start + count)]))
    }
    // An id without a token, and one of nothing.
    return tokens + [nil, []]
  }

  static func make(seed: UInt64, pieceCount: Int = 120) -> TokenVocabulary {
    TokenVocabulary(tokenBytes: tokenBytes(seed: seed, pieceCount: pieceCount), endTokens: [end])
  }
}

extension JSONSchema {
  /// Reads a schema's text.
  init(text: String) throws {
    try self.init(JSONDocument(Array(text.utf8)).root)
  }
}

extension Grammar {
  /// Compiles a schema's text for the bytes alone.
  init(text: String) throws {
    try self.init(JSONSchema(text: text), vocabulary: TinyVocabulary.make(seed: 0, pieceCount: 0))
  }

  /// The first byte at which a text does not fit; nil where it fits whole.
  func firstFault(in text: String) -> Int? {
    var state = GrammarState(self)
    for (place, byte) in text.utf8.enumerated()
    where !state.advance(by: Int32(byte)) {
      return place
    }
    return state.isComplete ? nil : text.utf8.count
  }
}

/// Takes a token; a function, since an expectation calls nothing that mutates.
func take(_ token: Int32, _ state: inout GrammarState) -> Bool { state.advance(by: token) }

/// Takes bytes.
func take(_ bytes: some Sequence<UInt8>, _ state: inout GrammarState) -> Bool {
  state.advance(by: bytes)
}
