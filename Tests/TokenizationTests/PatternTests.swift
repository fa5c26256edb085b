// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import TestSupport
import Testing
import Tokenization

/// The hand-written scanners and the general path are two programs for the same patterns.
///
/// Each case of the oracles goes through both. What the general path itself means by a pattern is held to
/// splits that `tokenizers` 0.23.3 made.
@Suite struct `Patterns` {
  private static let published: [(name: String, pattern: String)] = {
    let ascii = ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"##
    return [
      (
        "deepseek-v3",
        ascii + #"|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|"#
          + #"\s*[\r\n]+|\s+(?!\S)|\s+"#
      ),
      ("gpt2", #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#),
      (
        "qwen2",
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"#
          + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
      ),
      (
        "llama3",
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"#
          + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
      ),
      ("numbers", #"\p{N}{1,3}"#),
      ("ideographs", "[一-龥぀-ゟ゠-ヿ]+"),
      ("spaced letters", #"\s?\p{L}+"#),
      ("spaced marks", #"\s?\p{P}+"#),
      ("trailing space", #"\s+$"#),
      ("line breaks", "[\r\n]"),
    ]
  }()

  @Test(arguments: published.map(\.name))
  func `a scanner cuts every case as the general path does`(_ name: String) throws {
    let pattern = try #require(Self.published.first { $0.name == name }?.pattern)
    let scanner = try PatternSplit(pattern)
    let general = try PatternSplit(pattern, forcesGeneralPath: true)
    #expect(!scanner.takesGeneralPath)
    #expect(general.takesGeneralPath)
    // Twice: as they are, and all in one, so that every case has neighbors.
    var texts = OracleTokenizers.folder == nil ? [] : try OracleTokenizers.cases.get()
    texts += ["a\nb \n c  \n", " \n \n x ", "'ſt 'LL 'Ve '", "\u{85}\u{A0} \u{3000}"]
    texts.append(texts.filter { $0.utf8.count < 2_000 }.joined(separator: " \n"))
    for text in texts {
      #expect(try scanner.pieces(of: text) == general.pieces(of: text), "\(text.prefix(80))")
    }
  }

  @Test func `one walk takes the three splits of DeepSeek-V3 together`() throws {
    let names = ["numbers", "ideographs", "deepseek-v3"]
    let splits = try names.map { name in
      try PatternSplit(#require(Self.published.first { $0.name == name }?.pattern))
    }
    var texts = OracleTokenizers.folder == nil ? [] : try OracleTokenizers.cases.get()
    // Every pair of characters that differ for the splits, and random texts of them.
    let letters = Array("a1一かー・゛゙\u{3040} \n\r\t.$'é٣½\u{301}\u{200B}\u{0}🙂".unicodeScalars)
    var random = SplitMix64(seed: 3)
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        text.unicodeScalars.append(letters.randomElement(using: &random) ?? "a")
      }
      texts.append(text)
    }
    for text in texts {
      let apart = try splits.reduce([text]) { pieces, split in
        try pieces.flatMap { try split.pieces(of: $0) }
      }
      #expect(
        PatternSplit.fusedPieces(of: text, splits) == apart,
        "\(text.prefix(80).debugDescription)"
      )
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `the letters of DeepSeek's first models are one scanner, equal to the general path`() throws
  {
    let root = try JSONDocument(OracleTokenizers.json("deepseek-v2")).root
    let steps = root["pre_tokenizer"]?["pretokenizers"]?.array.map(Array.init) ?? []
    let patterns = steps.compactMap { $0["pattern"]?["Regex"]?.string }
    #expect(patterns.count == 5)
    for pattern in patterns {
      let scanner = try PatternSplit(pattern)
      let general = try PatternSplit(pattern, forcesGeneralPath: true)
      #expect(!scanner.takesGeneralPath)
      for text in try OracleTokenizers.cases.get() {
        #expect(try scanner.pieces(of: text) == general.pieces(of: text), "\(text.prefix(80))")
      }
    }
  }

  @Test(arguments: [
    (#"a|ab"#, "abaab", "a|b|a|a|b"),
    (#"(?:ab)+?c"#, "ababcab", "ababc|ab"),
    (#"a{2,3}"#, "aaaaaaa", "aaa|aaa|a"),
    (#"a{2,3}?"#, "aaaaa", "aa|aa|a"),
    (#"a{,2}b"#, "aaab", "a|aab"),
    (#"a++b|a"#, "aab a", "aab| |a"),
    (#"(?>a+)a"#, "aaa", "aaa"),
    (#"x(?=y)"#, "xyxz", "x|yxz"),
    (#"x(?!y)"#, "xyxz", "xy|x|z"),
    (#"^b"#, "bb\nb\n", "b|b\n|b|\n"),
    (#"b$"#, "bb\nb", "b|b|\n|b"),
    (#"\Ab|b\z"#, "bab\nb", "b|ab\n|b"),
    (#"(?i:k)"#, "kK\u{212A}s", "k|K|\u{212A}|s"),
    (#"[^\S\n]+"#, "a \t\nb", "a| \t|\nb"),
    (#"[\p{Lu}\d_-]+"#, "aB-9_é", "a|B-9_|é"),
    (#"\P{L}+"#, "ab12cd", "ab|12|cd"),
    (#"\p{^L}+"#, "ab12cd", "ab|12|cd"),
    (#"(?:a*)*b"#, "aabab", "aab|ab"),
    (#"(?:a|b?)+c"#, "abcc", "abc|c"),
    (#"x*"#, "axxb", "a|xx|b"),
    (#"\u0061\x62\x{63}"#, "abcd", "abc|d"),
    (#".+"#, "ab\ncd", "ab|\n|cd"),
    (#"\w+"#, "a_1² é-Ⓐ", "a_1²| |é|-|Ⓐ"),
    (#"\W+"#, "a_1 -é€", "a_1| -|é|€"),
    (#"[\]a-]+"#, "x]a-y", "x|]a-|y"),
  ])
  func `the general path reads a pattern as the published engine does`(
    _ pattern: String,
    _ text: String,
    _ expected: String
  ) throws {
    let split = try PatternSplit(pattern, forcesGeneralPath: true)
    #expect(try split.pieces(of: text).joined(separator: "|") == expected)
  }

  @Test(arguments: [
    (#"(?<=a)b"#, "(?<="), (#"(a)\1"#, #"\1"#), (#"\bfoo"#, #"\b"#), (#"[a&&b]"#, "&&"),
    (#"\p{Han}"#, #"\p{Han}"#), (#"a{1,2}+"#, "}+"), (#"[a[b]]"#, "[ in a set"), (#"(a"#, "("),
    (#"a)"#, ")"), (#"*a"#, "*"), (#"(?i:é)"#, "(?i:) beyond ASCII"), (#"[z-a]"#, "-"),
    (#"a{3,1}"#, "{3,1}"), (#"[a"#, "["), ("a\\", "\\"),
  ])
  func `a construct that is not read is named`(_ pattern: String, _ construct: String) {
    do {
      _ = try PatternSplit(pattern)
      Issue.record("\(pattern) was read")
    } catch {
      guard case .unsupportedPattern(let named, _) = error.reason else {
        Issue.record("\(error)")
        return
      }
      #expect(named.hasPrefix(construct))
      #expect(error.exitCode.rawValue == 65)
    }
  }

  @Test(arguments: [
    ("(a+)+b", 30), ("(a|aa)+$", 200), ("(?:a*)*b", 5_000), ("a.*b.*c.*d", 3_000),
    ("(?:(?!b)a+)+c", 40),
  ])
  func `a pattern that runs wild ends in an error or a result, not in a hang`(
    _ pattern: String,
    _ count: Int
  ) throws {
    let split = try PatternSplit(pattern)
    let text = String(repeating: "a", count: count) + "x"
    do {
      _ = try split.pieces(of: text)
    } catch {
      #expect(error.reason == .patternTooCostly(pattern: pattern))
    }
  }

  @Test(arguments: [
    String(repeating: "(", count: 100) + String(repeating: ")", count: 100),
    "((((a{1000}){1000}){1000}){1000})", "(((){1000}){1000}){1000}",
    String(repeating: "(?=", count: 20_000),
  ])
  func `a pattern that is too large is refused`(_ pattern: String) {
    #expect(throws: TokenizationError.self) { try PatternSplit(pattern) }
  }
}
