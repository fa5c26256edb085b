// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing
import Tokenization

/// The compiled tables, held to the classes of the published engine for every code point, and
/// composition to laws that hold for every text.
@Suite struct `Unicode 16` {
  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: [
      ("L", #"\p{L}"#), ("M", #"\p{M}"#), ("N", #"\p{N}"#), ("P", #"\p{P}"#), ("S", #"\p{S}"#),
      ("space", #"\s"#), ("gpt2_other", #"[^\s\p{L}\p{N}]"#),
      ("v3_joiner", #"[^\r\n\p{L}\p{P}\p{S}]"#), ("v3_punct", #"[\p{P}\p{S}]"#),
    ]
  )
  func `a class holds the code points that the published engine gives it`(
    _ name: String,
    _ pattern: String
  ) throws {
    let root = try JSONDocument(OracleTokenizers.file("unicode_classes.json")).root
    let ranges = root[name]?["ranges"]?.array.map { $0.compactMap(\.ids) } ?? []
    #expect(!ranges.isEmpty)
    let split = try PatternSplit(pattern + "+")
    // Each code point that is in the class but not its neighbor begins or ends a piece.
    var text = ""
    for value in UInt32(0)..<0x110000 {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
    var inside = ranges.map { UInt32($0[0])...UInt32($0[1]) }[...]
    var found: [ClosedRange<UInt32>] = []
    for piece in try split.pieces(of: text) {
      guard let first = piece.unicodeScalars.first?.value,
        let last = piece.unicodeScalars.last?.value
      else { continue }
      if let next = inside.first, next.lowerBound == first {
        found.append(first...last)
        // The surrogates are no scalars, so a range may go on behind them.
        while let next = inside.first, next.lowerBound <= last { inside = inside.dropFirst() }
      }
    }
    #expect(inside.isEmpty)
    let expected = ranges.reduce(0) { $0 + Int($1[1] - $1[0]) + 1 }
    let count = found.reduce(0) { sum, range in
      let surrogates = range.contains(0xD800) ? 0x800 : 0
      return sum + range.count - surrogates
    }
    #expect(count == expected)
  }

  @Test func `composition is the standard's on its own examples`() throws {
    let tokenizer = try composing()
    let examples: [(String, String)] = [
      ("e\u{301}", "\u{E9}"), ("A\u{30A}", "\u{C5}"), ("\u{212B}", "\u{C5}"),
      ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
      ("\u{1E0B}\u{323}", "\u{1E0D}\u{307}"), ("\u{2000}", "\u{2002}"),
      ("\u{958}", "\u{915}\u{93C}"), ("\u{FB1D}", "\u{5D9}\u{5B4}"),
      ("a\u{315}\u{300}\u{5AE}\u{300}b", "\u{E0}\u{5AE}\u{300}\u{315}b"),
      ("\u{AC00}\u{11A7}", "\u{AC00}\u{11A7}"), ("\u{1100}\u{AC00}", "\u{1100}\u{AC00}"),
    ]
    for (text, composed) in examples {
      #expect(
        equal(try roundTrip(tokenizer, text), composed),
        "\(text.unicodeScalars.map(\.value))"
      )
      #expect(equal(try roundTrip(tokenizer, composed), composed))
    }
  }

  @Test func `composition agrees with canonical equivalence on random texts`() throws {
    // `String` compares by canonical equivalence with the standard library's own tables: another
    // program with the same answer. The pool is of characters older than both tables.
    let tokenizer = try composing()
    var generator = SplitMix64(seed: 16)
    let pool: [UInt32] =
      [0x41, 0x65, 0x69, 0x6F, 0x75, 0x20, 0xE9, 0xC5, 0x1E69, 0x1EAD, 0x3B1, 0x1F80, 0x212B]
      + Array(0x300...0x34E) + Array(0x1100...0x1112) + Array(0x1161...0x1175)
      + Array(0x11A8...0x11C2) + [0xAC00, 0xAC01, 0xD7A3, 0x5D0, 0x5B4, 0x5BC, 0x915, 0x93C, 0x958]
    for round in 0..<3_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        let value = pool.randomElement(using: &generator) ?? 0x41
        text.unicodeScalars.append(Unicode.Scalar(value) ?? "?")
      }
      let composed = try roundTrip(tokenizer, text)
      #expect(composed == text, "round \(round): \(text.unicodeScalars.map(\.value))")
      #expect(equal(try roundTrip(tokenizer, composed), composed), "round \(round)")
    }
  }

  /// A byte-level tokenizer of single bytes behind form C: decoding shows the composed text.
  private func composing() throws -> Tokenizer {
    try Tokenizer(json: TinyTokenizer.byteLevel(normalizer: #"{"type":"NFC"}"#))
  }

  private func roundTrip(_ tokenizer: Tokenizer, _ text: String) throws -> String {
    tokenizer.decode(try tokenizer.encode(text))
  }
}
