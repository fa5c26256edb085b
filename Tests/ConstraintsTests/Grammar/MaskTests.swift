// SPDX-License-Identifier: Apache-2.0

import Constraints
import JSON
import TestSupport
import Testing

/// Masks against the plain meaning: a token is allowed if its bytes, one after the other, fit.
///
/// The plain way knows no tree of tokens, no cache and no unknown stack; it shares the automaton alone.
@Suite struct MaskTests {
  @Test(
    arguments: Array(SchemaSamples.all.enumerated()).map {
      Sample(index: $0.offset, text: $0.element)
    }
  )
  func `a mask allows what fits byte by byte`(_ sample: Sample) throws {
    for seed in 0..<3 as Range<UInt64> {
      let tokens = TinyVocabulary.tokenBytes(seed: seed + UInt64(sample.index) * 10)
      let vocabulary = TokenVocabulary(tokenBytes: tokens, endTokens: [TinyVocabulary.end])
      let grammar = try Grammar(JSONSchema(text: sample.text), vocabulary: vocabulary)
      var state = GrammarState(grammar)
      var generator = SplitMix64(seed: seed)
      var mask = TokenMask(count: vocabulary.count)
      for step in 0..<60 {
        state.mask(into: &mask)
        let expected = tokens.indices.filter { id in
          guard let bytes = tokens[id], !bytes.isEmpty else {
            return Int32(id) == TinyVocabulary.end && state.isComplete
          }
          var trial = state
          return trial.advance(by: bytes)
        }
        let allowed = tokens.indices.filter { mask.contains(Int32($0)) }
        #expect(allowed == expected, "seed \(seed), step \(step), schema \(sample.text)")
        guard let next = allowed.randomElement(using: &generator) else { break }
        #expect(take(Int32(next), &state))
        if state.isEnded { break }
      }
    }
  }

  // At the deepest nesting masks depend on the room that is left.
  @Test(arguments: ["{}", SchemaSamples.tree])
  func `a mask is exact where nesting comes to its limit`(_ text: String) throws {
    let tokens =
      TinyVocabulary.tokenBytes(seed: 5)
      + ["[[", "[[[", "[[[[", "{\"a\":[["].map { Array($0.utf8) }
    let vocabulary = TokenVocabulary(tokenBytes: tokens, endTokens: [TinyVocabulary.end])
    var state = GrammarState(try Grammar(JSONSchema(text: text), vocabulary: vocabulary))
    let opening = text == "{}" ? "[" : "{\"value\":1,\"children\":["
    var mask = TokenMask(count: vocabulary.count)
    var depth = 0
    while state.advance(by: opening.utf8) {
      depth += 1
      guard depth > 20 else { continue }
      state.mask(into: &mask)
      for id in tokens.indices {
        guard let bytes = tokens[id], !bytes.isEmpty else { continue }
        var trial = state
        #expect(take(bytes, &trial) == mask.contains(Int32(id)), "depth \(depth), token \(id)")
      }
    }
    #expect(depth == (text == "{}" ? 64 : 32))
    let ending = text == "{}" ? "]" : "]}"
    for _ in 0..<depth { #expect(take(ending.utf8, &state)) }
    #expect(state.isComplete)
  }

  @Test func `what was asked before changes no mask`() throws {
    let vocabulary = TinyVocabulary.make(seed: 3)
    let schema = try JSONSchema(text: SchemaSamples.person)
    let used = try Grammar(schema, vocabulary: vocabulary)
    var mask = TokenMask(count: vocabulary.count)
    for text in ["{\"name\": \"a", "{\n\"name\":\"\",\"age\":1"] {
      var state = GrammarState(used)
      for byte in text.utf8 {
        #expect(take(Int32(byte), &state))
        state.mask(into: &mask)
      }
      var fresh = GrammarState(try Grammar(schema, vocabulary: vocabulary))
      #expect(take(text.utf8, &fresh))
      var other = TokenMask(count: 1)
      fresh.mask(into: &other)
      #expect(other == mask)
    }
  }

  @Test func `a copy goes on alone, and what does not fit changes nothing`() throws {
    var state = GrammarState(try Grammar(text: SchemaSamples.person))
    #expect(take("{\"name\":\"".utf8, &state))
    var copy = state
    #expect(take("x\",\"age\":1".utf8, &copy))
    #expect(!take("x".utf8, &copy))
    #expect(take("2".utf8, &copy))
    #expect(take("another\"".utf8, &state))
  }

  @Test func `statistics count what was masked`() throws {
    let vocabulary = TinyVocabulary.make(seed: 0)
    let state = GrammarState(try Grammar(.anyObject, vocabulary: vocabulary))
    var mask = TokenMask(count: vocabulary.count)
    state.mask(into: &mask)
    var statistics = MaskStatistics()
    #expect(statistics.maskedShare == 0)
    statistics.record(mask, taking: .milliseconds(2))
    statistics.record(mask, taking: .milliseconds(3))
    #expect(statistics.stepCount == 2 && statistics.duration == .milliseconds(5))
    let share = Double(vocabulary.count - mask.allowedCount) / Double(vocabulary.count)
    #expect(abs(statistics.maskedShare - share) < 1e-12 && share > 0.9)
  }
}

/// A schema of a list.
struct Sample: CustomTestStringConvertible, Sendable {
  var index: Int
  var text: String
  var testDescription: String { "schema \(index)" }
}
