// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Hashing
import TestSupport
import Testing
import Tokenization
import Training

/// Shards hold what was put in, and say so when they no longer do.
@Suite struct ShardTests {
  private static let chats = """
    {"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello there"}]}
    {"text":"the fox went up the hill"}

    """

  @Test func `documents come back with their tokens and their places`() throws {
    let folder = try TextFolder()
    let tokenizerFolder = try folder.makeTokenizer()
    let tokenizer = try Tokenizer(folder: tokenizerFolder)
    let texts = (0..<7).map { TextFolder.text($0, wordCount: 5 + 20 * $0) }
    let path = try folder.write("a.txt", texts.joined(separator: "\n\n"))
    let index = try folder.makeShards([path], tokenizer: tokenizerFolder, unit: .paragraphs) {
      $0.tokensPerShard = 200
      $0.license = "CC0-1.0"
    }
    #expect(index.shards.count > 2)
    #expect(index.sources[0].license == "CC0-1.0")
    let bytes = try Oracles.bytes(at: path)
    #expect(index.sources[0].digest == Hexadecimal.text(SHA256Hash.digest(of: bytes)))
    let shards = try folder.shards()
    #expect(shards.index == index)
    #expect(index.tokenizerDigest == (try TokenizerDigest.text(ofFolder: tokenizerFolder)))
    var found: [String] = []
    for file in shards.files(.train) {
      for number in 0..<file.documentCount {
        let document = file.document(number)
        let ids = file.ids(document.tokens)
        #expect(ids.first == tokenizer.beginningOfTextID && ids.last == tokenizer.endOfTextID)
        let text = tokenizer.decode(ids, skipsSpecialTokens: true)
        let place = document.offset..<document.offset + document.byteCount
        #expect(Array(bytes[place]) == Array(text.utf8))
        #expect(document.line == 2 * found.count + 1)
        found.append(text)
      }
    }
    #expect(found == texts)
    #expect(index.counts.tokenCount == index.shards.reduce(0) { $0 + $1.tokenCount })
  }

  // Method: every byte of a small shard is changed, one at a time, and the folder opened; then every
  // length is cut to.
  @Test func `no byte of a shard changes unseen`() throws {
    let folder = try TextFolder()
    let path = try folder.write("a.jsonl", Self.chats)
    let tokenizer = try folder.makeTokenizer()
    let index = try folder.makeShards([path], tokenizer: tokenizer)
    #expect(index.shards.count == 1 && index.shards[0].lossCount < index.shards[0].tokenCount)
    let file = "\(folder.path)/shards/\(index.shards[0].file)"
    let whole = try Oracles.bytes(at: file)
    _ = try folder.shards()
    for offset in whole.indices {
      var bytes = whole
      bytes[offset] ^= UInt8(1 << (offset % 8))
      try SystemFolder.write(bytes, to: file)
      do {
        _ = try folder.shards()
        Issue.record("byte \(offset) changed unseen")
      } catch let error as DataError {
        #expect(error.exitCode == .badData, "byte \(offset): \(error)")
        #expect(error.place == file, "byte \(offset): \(error)")
        #expect(error.remedy != nil)
      }
    }
    for count in whole.indices {
      try SystemFolder.write(Array(whole[..<count]), to: file)
      #expect(throws: DataError.self, "\(count) bytes") {
        _ = try ShardFolder(path: folder.path + "/shards", verifies: false)
      }
    }
    try SystemFolder.write(whole + [0], to: file)
    let longer = DataError(
      .wrongByteCount(found: whole.count + 1, expected: whole.count),
      place: file
    )
    #expect(throws: longer) { _ = try folder.shards() }
  }

  @Test func `an id beyond the vocabulary is found even under a hash that fits`() throws {
    let folder = try TextFolder()
    let path = try folder.write("a.txt", TextFolder.story)
    let index = try folder.makeShards([path], tokenizer: folder.makeTokenizer())
    let file = "\(folder.path)/shards/\(index.shards[0].file)"
    var bytes = try Oracles.bytes(at: file)
    // The last token's two bytes.
    bytes[bytes.count - 1] = 0x40
    try SystemFolder.write(bytes, to: file)
    let shard = try ShardFile(path: file)
    let digest = Hexadecimal.text(SHA256Hash.digest(of: bytes))
    do {
      try shard.verify(digest: digest)
      Issue.record("the id was taken")
    } catch {
      guard case .idOutsideVocabulary(_, let position, _) = error.reason else {
        throw error
      }
      #expect(position == shard.tokenCount - 1 && error.exitCode == .badData)
    }
  }

  @Test func `other tokenizers and smaller models are refused`() throws {
    let folder = try TextFolder()
    let path = try folder.write("a.txt", TextFolder.story)
    let index = try folder.makeShards([path], tokenizer: folder.makeTokenizer())
    let shards = try folder.shards()
    try shards.require(tokenizerDigest: index.tokenizerDigest)
    try shards.require(vocabularyCount: index.vocabularyCount)
    #expect(throws: DataError.self) { try shards.require(tokenizerDigest: "00") }
    let error = DataError(
      .otherVocabulary(found: 100, expected: index.vocabularyCount),
      place: shards.path
    )
    #expect(throws: error) { try shards.require(vocabularyCount: 100) }
  }

  @Test(arguments: [
    (#""format":"hadal-shards""#, #""format":"other""#), (#""version":1"#, #""version":2"#),
    (#""sha256":"#, #""sha25":"#), (#""split":"train""#, #""split":"test""#),
    (#""file":""#, #""file":"../"#), (#""seed":"0""#, #""seed":"x""#), ("{", "["),
    (#""documents":1"#, #""documents":2"#), (#""tokens":"#, #""tokens":-"#),
  ])
  func `a list that was changed is refused`(old: String, new: String) throws {
    let folder = try TextFolder()
    let path = try folder.write("a.txt", TextFolder.story)
    let tokenizer = try folder.makeTokenizer()
    try folder.makeShards([path], tokenizer: tokenizer)
    let list = folder.path + "/shards/shards.json"
    var text = String(decoding: try Oracles.bytes(at: list), as: UTF8.self)
    // The last one: it belongs to the shard where there are several.
    let range = try #require(text.ranges(of: old).last, "\(old)")
    text.replaceSubrange(range, with: new)
    try SystemFolder.write(Array(text.utf8), to: list)
    do {
      _ = try folder.shards()
      Issue.record("\(new) was taken")
    } catch let error as DataError {
      #expect(error.exitCode == .badData && error.place != nil, "\(error)")
    }
  }

  @Test func `a folder without a tokenizer is named`() throws {
    let folder = try TextFolder()
    let path = try folder.write("texts/a.txt", TextFolder.story)
    let error = DataError(.tokenization(TokenizationError(.noTokenizer, place: folder.path)))
    do {
      try folder.makeShards([path], tokenizer: folder.path)
      Issue.record("a tokenizer was found")
    } catch let found as DataError {
      #expect(found.reason == error.reason && found.exitCode == .noInput)
    }
  }

  @Test func `threads change no byte, and a stopped run leaves nothing`() throws {
    let folder = try TextFolder()
    let lines = (0..<300).map { #"{"text":"\#(TextFolder.text($0 % 250, wordCount: 40))"}"# }
    let path = try folder.write("a.jsonl", lines.joined(separator: "\n"))
    let tokenizer = try folder.makeTokenizer()
    func bytes(_ threads: Int) throws -> [[UInt8]] {
      let name = "with\(threads)"
      try folder.makeShards([path], tokenizer: tokenizer, out: name, threads: threads) {
        $0.validationShare = 0.2
        $0.middleFillingRate = 0.5
        $0.tokensPerShard = 4000
      }
      let names = try SystemFolder.names(in: "\(folder.path)/\(name)").sorted()
      #expect(names.count > 3)
      return try names.map { try Oracles.bytes(at: "\(folder.path)/\(name)/\($0)") }
    }
    let one = try bytes(1)
    #expect(try bytes(2) == one && bytes(5) == one)
    let pool = try ThreadPool(threadCount: 2)
    let builder = try ShardBuilder(
      Corpus(paths: [path], unit: .files, pool: pool),
      tokenizerFolder: tokenizer,
      options: .init(),
      pool: pool
    )
    #expect(try builder.run(to: folder.path + "/stopped") { _, _ in false } == nil)
    #expect(try SystemFolder.names(in: folder.path).allSatisfy { !$0.contains("stopped") })
    #expect(throws: DataError.self) { try builder.run(to: folder.path + "/with1") }
  }

  @Test func `the check drops and rewrites documents, and its error ends the work`() throws {
    struct Refusal: Error {}
    let folder = try TextFolder()
    let texts = ["keep me", "drop me", "change me"]
    let path = try folder.write("a.txt", texts.joined(separator: "\n\n"))
    let tokenizer = try folder.makeTokenizer()
    let index = try folder.makeShards([path], tokenizer: tokenizer, unit: .paragraphs) {
      $0.check = { document in
        guard case .text(let bytes) = document.content else { return document }
        if bytes.starts(with: Array("drop".utf8)) { return nil }
        var changed = document
        if bytes.starts(with: Array("change".utf8)) { changed.content = .text(Array("new".utf8)) }
        return changed
      }
    }
    #expect(index.counts.refusedCount == 1 && index.counts.documentCount == 2)
    let file = try folder.shards().files(.train)[0]
    let text = try Tokenizer(folder: tokenizer).decode(
      file.ids(file.document(1).tokens),
      skipsSpecialTokens: true
    )
    #expect(text == "new")
    #expect(throws: Refusal.self) {
      try folder.makeShards([path], tokenizer: tokenizer, out: "refused") {
        $0.check = { _ in throw Refusal() }
      }
    }
    #expect(!SystemFolder.exists(folder.path + "/refused"))
  }

  @Test func `shards say what the identity guard did, or that it did not run`() throws {
    let folder = try TextFolder()
    let text = try folder.write("a.txt", TextFolder.story)
    let tokenizer = try folder.makeTokenizer()
    try folder.makeShards([text], tokenizer: tokenizer, out: "unchecked")
    #expect(try folder.shards("unchecked").index.identity == nil)
    #expect(throws: DataError(.uncheckedIdentity, place: folder.path + "/unchecked")) {
      try folder.shards("unchecked").requireIdentityCheck()
    }
    var record = ShardsIndex.IdentityRecord(rules: "abc", allowed: ["Hadal", "Qwen"])
    record.hitDocumentCount = 6
    record.droppedCount = 3
    record.rewrittenCount = 2
    record.acceptedCount = 1
    try folder.makeShards([text], tokenizer: tokenizer) { [record] options in
      options.identity = { record }
    }
    let shards = try folder.shards()
    #expect(shards.index.identity == record)
    try shards.requireIdentityCheck()
    struct Undecided: Error {}
    #expect(throws: Undecided.self) {
      try folder.makeShards([text], tokenizer: tokenizer, out: "undecided") { options in
        options.identity = { throw Undecided() }
      }
    }
    #expect(!SystemFolder.exists(folder.path + "/undecided"))
  }
}
