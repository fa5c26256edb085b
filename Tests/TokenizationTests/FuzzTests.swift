// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc
import TestSupport
import Testing
import Tokenization

/// Small tokenizer files with random damage.
///
/// Each is read, or refused with an error; a trap or a hang stops the test process. `HADAL_LONG=1`
/// makes it 100,000 files.
@Suite struct `Damaged files` {
  private static let isLong = unsafe getenv("HADAL_LONG") != nil

  @Test(.timeLimit(.minutes(30)))
  func `a damaged tokenizer is read or refused`() throws {
    var seeds = [TinyTokenizer.byteLevel(), Self.rich]
    if OracleTokenizers.folder != nil { seeds.append(try OracleTokenizers.json("stories-tok512")) }
    let count = Self.isLong ? 100_000 : 3_000
    var readCount = 0
    for round in 0..<count {
      var generator = SplitMix64(seed: UInt64(round))
      let json = Self.damaged(seeds[round % seeds.count], &generator)
      do {
        let tokenizer = try Tokenizer(json: json)
        readCount += 1
        try use(tokenizer, &generator)
      } catch let error as TokenizationError {
        #expect([65, 66].contains(error.exitCode.rawValue), "round \(round): \(error)")
        #expect(!error.what.isEmpty)
      }
    }
    // Both ends must be reached, or nothing was tried.
    #expect(readCount > count / 50)
    #expect(readCount < count)
    if Self.isLong { #expect(try #require(PeakMemory.byteCount) <= PeakMemory.fuzzingLimit) }
  }

  private func use(_ tokenizer: Tokenizer, _ generator: inout SplitMix64) throws {
    for rule in [Tokenizer.AddedTokenRule.never, .all, .nonSpecial] {
      let text = "hello <|end|> the  \u{e9}\u{301}1234\n" + String(repeating: "a", count: 40)
      let ids = try tokenizer.encode(text, addedTokens: rule)
      _ = tokenizer.decode(ids, skipsSpecialTokens: true)
      var stream = StreamingDetokenizer(tokenizer)
      for id in ids { _ = stream.append(id) }
      _ = stream.finish()
    }
    let random = (0..<20).map { _ in Int32.random(in: -2...600, using: &generator) }
    _ = tokenizer.decode(random)
  }

  /// Flips, deletes, doubles and swaps bytes and JSON tokens.
  private static func damaged(_ json: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
    var text = json
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &generator)
      let end = min(text.count, place + Int.random(in: 1...12, using: &generator))
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: text[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: text[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: text.removeSubrange(place..<end)
      case 3: text.insert(contentsOf: text[place..<end], at: place)
      case 4: text.removeSubrange(place...)
      default:
        // A JSON value or word in the place of another that begins with the same byte.
        let words = tokens.randomElement(using: &generator) ?? "null"
        let starts = text.indices.filter { text[$0] == UInt8(ascii: ":") }
        let colon = starts.randomElement(using: &generator) ?? 0
        let stop = text[colon...].firstIndex { $0 == 0x2C || $0 == 0x7D } ?? text.count
        if colon + 1 <= stop { text.replaceSubrange(min(colon + 1, stop)..<stop, with: words.utf8) }
      }
    }
    return text
  }

  private static let tokens = [
    "null", "true", "false", "0", "-1", "1e9", "16777215", "99999999999999999999", "[]", "{}",
    "\"\"", "\"\\ud800\"", "\"Sequence\"", "\"Split\"", "\"Metaspace\"", "\"ByteLevel\"",
    "\"Removed\"", "\"(a|a)*\"", "\"(?:a*)*$\"", "\"\\\\p{L}{0,1000}\"", "\" \"", "\"NFC\"",
    "\"Replace\"", "\"Fuse\"", "\"Strip\"", "[\"a\",\"b\"]", "{\"String\":\"a\"}",
    "{\"Regex\":\"(?!a)\"}",
  ]

  /// A file with every kind of part.
  private static let rich = TinyTokenizer.byteLevel(
    normalizer: """
      {"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Prepend","prepend":"a"},
      {"type":"Replace","pattern":{"Regex":"b+|^c"},"content":"d"}]}
      """,
    preTokenizer: """
      {"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},
      {"type":"Split","pattern":{"Regex":"(?:a|(?i:e)+?)(?=x)|\\\\s+$"},"behavior":"Isolated",
      "invert":false},{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}]}
      """,
    options: #","ignore_merges":true,"unk_token":"he","fuse_unk":true,"byte_fallback":true"#,
    postProcessor: """
      {"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing","single":
      [{"SpecialToken":{"id":"<|end|>"}},{"Sequence":{"id":"A"}}],
      "special_tokens":{"<|end|>":{"ids":[260]}}}]}
      """,
    decoder: """
      {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"Ġ"},"content":" "},
      {"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}
      """
  )
}
