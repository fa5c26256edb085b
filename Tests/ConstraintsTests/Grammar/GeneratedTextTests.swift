// SPDX-License-Identifier: Apache-2.0

import Constraints
import JSON
import TestSupport
import Testing

/// Texts written by drawing allowed tokens, against our parser and a validator that knows no grammar.
@Suite struct GeneratedTextTests {
  @Test(
    arguments: Array(SchemaSamples.all.enumerated()).map {
      Sample(index: $0.offset, text: $0.element)
    }
  )
  func `what is drawn ends, is JSON and fits`(_ sample: Sample) throws {
    let validator = try SchemaValidator(sample.text)
    for seed in 0..<12 as Range<UInt64> {
      let tokens = TinyVocabulary.tokenBytes(seed: seed)
      let vocabulary = TokenVocabulary(tokenBytes: tokens, endTokens: [TinyVocabulary.end])
      let grammar = try Grammar(JSONSchema(text: sample.text), vocabulary: vocabulary)
      guard let text = Self.draw(grammar, tokens, seed: seed) else {
        Issue.record("seed \(seed) comes to no end")
        continue
      }
      let value = try JSONDocument(text).root
      #expect(validator.fits(value), "seed \(seed): \(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func `any object is an object`() throws {
    for seed in 0..<20 as Range<UInt64> {
      let tokens = TinyVocabulary.tokenBytes(seed: seed)
      let vocabulary = TokenVocabulary(tokenBytes: tokens, endTokens: [TinyVocabulary.end])
      let grammar = try Grammar(.anyObject, vocabulary: vocabulary)
      guard let text = Self.draw(grammar, tokens, seed: seed) else {
        Issue.record("seed \(seed) comes to no end")
        continue
      }
      #expect(try JSONDocument(text).root.object != nil)
    }
  }

  /// Draws tokens; nil where none is allowed, or no end comes.
  ///
  /// After some steps those that end things come first, so that an end comes.
  private static func draw(_ grammar: Grammar, _ tokens: [[UInt8]?], seed: UInt64) -> [UInt8]? {
    var generator = SplitMix64(seed: seed)
    var state = GrammarState(grammar)
    var mask = TokenMask(count: tokens.count)
    var text: [UInt8] = []
    for step in 0..<4000 {
      state.mask(into: &mask)
      let allowed = tokens.indices.filter { mask.contains(Int32($0)) }
      let isClosing = step >= 40 && Bool.random(using: &generator)
      let closing = !isClosing ? [] : Array("\"}]:0,".utf8).map(Int.init).filter(allowed.contains)
      if step > 40, mask.contains(TinyVocabulary.end) { return text }
      guard let next = closing.first ?? allowed.randomElement(using: &generator),
        state.advance(by: Int32(next))
      else { return nil }
      if state.isEnded { return text }
      text += tokens[next] ?? []
    }
    return nil
  }
}
