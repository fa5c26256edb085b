// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Tokenization
import Training

/// Texts whose middle is filled in.
@Suite struct MiddleFillingTests {
  private func encoder(_ rate: Double, seed: UInt64 = 1) throws -> DocumentEncoder {
    let training = try TokenizerTraining(.init(vocabularyCount: 320))
    let trained = training.learn(from: try training.counts(of: Array(TextFolder.story.utf8)))
    let tokenizer = try #require(try trained?.tokenizer())
    return DocumentEncoder(
      tokenizer,
      template: BuiltInPromptEncoder(.plain, specialTokens: SpecialTokens()),
      middleFilling: try MiddleFilling(rate: rate, tokenizer, seed: seed)
    )
  }

  private func text(_ number: Int) -> String {
    "é中🦊 " + TextFolder.text(number, wordCount: 20)
  }

  private func decoded(_ number: Int, _ encoder: DocumentEncoder) throws -> String {
    let document = Document(
      .text(Array(text(number).utf8)),
      place: DocumentPlace(path: "a", line: 1, offset: 0, byteCount: 1)
    )
    let sample = try #require(try encoder.samples(of: document).first)
    #expect(sample.lossMask == nil, "all tokens are taught")
    return encoder.tokenizer.decode(sample.ids)
  }

  @Test func `prefix, suffix and middle are the whole text, between their tokens`() throws {
    let encoder = try encoder(1)
    for number in 0..<50 {
      var text = try decoded(number, encoder)[...]
      func take(_ end: String) throws -> Substring {
        let range = try #require(text.firstRange(of: end), "\(text)")
        defer { text = text[range.upperBound...] }
        return text[..<range.lowerBound]
      }
      #expect(try take("<｜fim▁begin｜>") == "<｜begin▁of▁sentence｜>")
      let prefix = try take("<｜fim▁hole｜>")
      let suffix = try take("<｜fim▁end｜>")
      let middle = try take("<｜end▁of▁sentence｜>")
      #expect(prefix + middle + suffix == self.text(number) && text.isEmpty)
    }
  }

  @Test func `the rate is kept, and the choice is the document's own`() throws {
    let (some, more, other) = (try encoder(0.3), try encoder(0.6), try encoder(0.3, seed: 2))
    func chosen(_ encoder: DocumentEncoder) throws -> Set<Int> {
      Set(try (0..<400).filter { try decoded($0, encoder).contains("<｜fim▁hole｜>") })
    }
    let few = try chosen(some)
    #expect((85...155).contains(few.count))
    #expect(try chosen(more).isSuperset(of: few) && chosen(other) != few)
    #expect(try chosen(encoder(0)).isEmpty)
  }

  @Test func `short texts stay, and a tokenizer without the tokens is refused`() throws {
    let document = Document(
      .text(Array("too short".utf8)),
      place: DocumentPlace(path: "a", line: 1, offset: 0, byteCount: 1)
    )
    let encoder = try encoder(1)
    let ids = try #require(try encoder.samples(of: document).first).ids
    #expect(encoder.tokenizer.decode(ids, skipsSpecialTokens: true) == "too short")
    var options = TokenizerTraining.Options(vocabularyCount: 300)
    options.controlTokens = [.beginningOfText, .endOfText, .padding]
    let training = try TokenizerTraining(options)
    let bare = try #require(try training.learn(from: PieceCounts())?.tokenizer())
    #expect(throws: DataError(.missingToken("<｜fim▁begin｜>"))) {
      _ = try MiddleFilling(rate: 0.5, bare, seed: 0)
    }
    #expect(throws: DataError.self) {
      _ = try MiddleFilling(rate: 1.5, encoder.tokenizer, seed: 0)
    }
  }
}
