// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import TestSupport
import Testing
import Tokenization

/// Held to other records: llama.cpp's ids, lossy texts, the older files of GPT-2, and the tokenizer
/// of a small trained checkpoint.
@Suite(.enabled(if: Oracles.folder != nil, "needs the oracles: HADAL_SHARED"))
struct `Other records` {
  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `six vocabularies give the ids that llama cpp records`() throws {
    let lines = try OracleTokenizers.lines("llamacpp.jsonl")
    #expect(lines.count == 6)
    for line in lines {
      let name = line["tokenizer"]?.string ?? ""
      let tokenizer = try OracleTokenizers.tokenizer(name)
      let cases = line["cases"]?.array.map(Array.init) ?? []
      #expect(cases.count == 47)
      for item in cases {
        let pair = item.array.map(Array.init) ?? []
        let text = pair[0].string ?? ""
        let ids = try tokenizer.encode(text, addsSpecialTokens: false, addedTokens: .all)
        #expect(ids == pair[1].ids, "\(name): \(text)")
      }
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `bytes that are no UTF-8 become the published lossy text`() throws {
    let lines = try OracleTokenizers.lines("invalid_utf8.jsonl")
    #expect(lines.count > 100)
    for line in lines {
      let hex = Array((line["hex"]?.string ?? "").utf8)
      let bytes = stride(from: 0, to: hex.count, by: 2).compactMap {
        UInt8(String(decoding: hex[$0..<($0 + 2)], as: UTF8.self), radix: 16)
      }
      let text = line["s"]?.string ?? ""
      let repaired = LossyText.repaired(bytes)
      #expect(repaired.elementsEqual(text.utf8), "\(bytes)")
      for name in ["deepseek-v3", "llama2"] {
        let tokenizer = try OracleTokenizers.tokenizer(name)
        let ids = try tokenizer.encode(utf8: repaired, addsSpecialTokens: false)
        #expect(ids == line[name]?.ids, "\(bytes)")
        let fault = UTF8Check.firstFault(in: bytes.span)
        #expect((fault == nil) == (repaired == bytes))
        if let fault {
          // What lies before the fault is a text, and with the byte at fault it is none.
          #expect(UTF8Check.firstFault(in: Array(bytes[..<fault]).span) == nil)
          #expect(throws: TokenizationError(.notUTF8(offset: fault))) {
            try tokenizer.encode(utf8: bytes)
          }
        }
      }
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `vocab json with merges txt is the same tokenizer as tokenizer json`() throws {
    let files = try ["vocab.json", "merges.txt", "tokenizer_config.json"].map {
      try OracleTokenizers.file("gpt2/\($0)")
    }
    let tokenizer = try Tokenizer(
      vocabulary: files[0],
      merges: files[1],
      configuration: files[2]
    )
    let twin = try OracleTokenizers.tokenizer("gpt2")
    #expect(tokenizer.vocabularyCount == 50_257)
    #expect(tokenizer.endOfTextID == 50_256)
    for text in try OracleTokenizers.cases.get() {
      for rule in [Tokenizer.AddedTokenRule.all, .never, .nonSpecial] {
        let ids = try tokenizer.encode(text, addedTokens: rule)
        #expect(try ids == twin.encode(text, addedTokens: rule))
        #expect(equal(tokenizer.decode(ids), twin.decode(ids)))
      }
    }
  }

  @Test func `a checkpoint's own tokenizer gives the recorded prompt ids`() throws {
    let folder = try #require(Oracles.folder) + "/checkpoints/real-stories260K"
    let tokenizer = try Tokenizer(folder: folder)
    let region = try MemoryRegion(mapping: folder + "/expected/expected.json")
    let root = try JSONDocument(region.copyBytes(0..<region.byteCount)).root
    let cases = root["tokenizer_cases"]?.array.map(Array.init) ?? []
    #expect(cases.count == 12)
    for item in cases {
      let text = item["text"]?.string ?? ""
      #expect(try tokenizer.encode(text) == item["ids"]?.ids, "\(text)")
    }
    // Its normalizer has patterns that no scanner knows.
    #expect(tokenizer.generalPattern != nil)
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: [
      ("deepseek-v3", [], 0, 1), ("deepseek-v4", [], 0, 1),
      ("deepseek-v2", [100_000], 100_000, 100_001),
      ("deepseek-llm-v1", [100_000], 100_000, 100_001),
      ("deepseek-coder", [32_013], 32_013, 32_021), ("qwen2", [], nil, 151_645),
      ("r1-distill-qwen", [151_646], 151_646, 151_643), ("llama3", [128_000], 128_000, 128_001),
      ("r1-distill-llama", [128_000], 128_000, 128_001), ("llama2", [1], 1, 2),
      ("gpt2", [], 50_256, 50_256),
    ] as [(String, [Int32], Int32?, Int32?)]
  )
  func `the beginning of text stands first where the files ask for it`(
    _ name: String,
    _ prefix: [Int32],
    _ beginning: Int32?,
    _ end: Int32?
  ) throws {
    let tokenizer = try Tokenizer(
      json: OracleTokenizers.json(name),
      configuration: OracleTokenizers.file("\(name)/tokenizer_config.json")
    )
    #expect(tokenizer.prefixIDs == prefix)
    #expect(tokenizer.suffixIDs.isEmpty)
    #expect(try tokenizer.encode("") == prefix)
    #expect(tokenizer.beginningOfTextID == beginning)
    #expect(tokenizer.endOfTextID == end)
    #expect(tokenizer.generalPattern == nil)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `pieces, ids and special tokens are looked up`() throws {
    let tokenizer = try OracleTokenizers.tokenizer("deepseek-v3")
    #expect(tokenizer.vocabularyCount == 128_815)
    #expect(tokenizer.addedTokens.count == 818)
    #expect(tokenizer.id(of: "<｜User｜>") == 128_803)
    #expect(tokenizer.piece(of: 128_803) == "<｜User｜>")
    #expect(tokenizer.piece(of: 19_923) == "Hello")
    #expect(!tokenizer.isSpecial(128_803))
    #expect(tokenizer.isSpecial(0))
    for id: Int32 in [-1, 128_815, 129_000, .max, .min] {
      #expect(tokenizer.piece(of: id) == nil)
      #expect(tokenizer.decode([id]).isEmpty)
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `every id and every pair of bytes survives decoding and streaming`(_ name: String) throws {
    let tokenizer = try OracleTokenizers.tokenizer(name)
    let ids = (0..<Int32(tokenizer.vocabularyCount)).filter { tokenizer.piece(of: $0) != nil }
    for part in stride(from: 0, to: ids.count, by: 997) {
      let run = Array(ids[part..<min(part + 997, ids.count)])
      let whole = tokenizer.decode(run)
      // Byte fallback in order is no UTF-8: there streaming may keep characters that decode drops.
      if tokenizer.id(of: "<0x00>") == nil || part > 997 {
        var stream = StreamingDetokenizer(tokenizer)
        let text = run.map { stream.append($0) }.joined() + stream.finish()
        #expect(equal(text, whole))
      }
    }
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: ["deepseek-v3", "qwen2", "llama2", "llama3", "gpt2"]
  )
  func `a word of a million letters takes no quadratic time`(_ name: String) throws {
    let tokenizer = try OracleTokenizers.tokenizer(name)
    let clock = ContinuousClock()
    for unit in ["a", " ", "ab", "1", "é", "你", "\n", "'"] {
      let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
      var ids: [Int32] = []
      let time = try clock.measure { ids = try tokenizer.encode(text, addsSpecialTokens: false) }
      #expect(equal(tokenizer.decode(ids), text))
      #expect(time < .seconds(30), "\(unit.debugDescription): \(time)")
    }
  }
}
