// SPDX-License-Identifier: Apache-2.0

import Constraints
import JSON
import Testing

/// Grammars made of parts, as formats of tool calls are.
@Suite struct GrammarPartTests {
  private static let vocabulary = TinyVocabulary.make(seed: 0)

  private func state(_ part: GrammarPart) throws -> GrammarState {
    GrammarState(try Grammar(compiling: part, vocabulary: Self.vocabulary))
  }

  private func allowed(_ state: GrammarState) -> [Int32] {
    var mask = TokenMask(count: Self.vocabulary.count)
    state.mask(into: &mask)
    return (0..<Int32(mask.count)).filter { mask.contains($0) }
  }

  @Test func `a call stands between its control tokens`() throws {
    let schema = try JSONSchema(text: #"{"type":"object","required":["a"],"properties":{"a":{}}}"#)
    let call = GrammarPart.sequence([
      .token(TinyVocabulary.begin), .choice([.literal("add"), .literal("sub")]), .literal("\n"),
      .json(schema), .token(TinyVocabulary.close),
    ])
    var state = try state(.repeated(call, separator: .literal("\n"), min: 1, max: 2))
    for _ in 0..<2 {
      #expect(allowed(state) == [TinyVocabulary.begin])
      #expect(take(TinyVocabulary.begin, &state))
      #expect(!take(TinyVocabulary.close, &state))
      #expect(take("sub\n{\"a\":1}".utf8, &state))
      #expect(!state.isComplete)
      #expect(allowed(state) == [TinyVocabulary.close])
      #expect(take(TinyVocabulary.close, &state))
      #expect(state.isComplete)
      _ = state.advance(by: "\n".utf8)
    }
    #expect(allowed(state) == [TinyVocabulary.end])
  }

  @Test func `no control token is allowed within a string, nor its letters refused`() throws {
    var state = try state(.json(.any))
    #expect(take("\"<|end|>".utf8, &state))
    let ids = allowed(state)
    #expect(!ids.contains(TinyVocabulary.begin) && !ids.contains(TinyVocabulary.close))
    #expect(!ids.contains(TinyVocabulary.end))
    #expect(ids.contains(Int32(UInt8(ascii: "<"))))
    #expect(!take(TinyVocabulary.begin, &state) && !take(TinyVocabulary.end, &state))
    #expect(take("\"".utf8, &state) && allowed(state) == [TinyVocabulary.end])
  }

  @Test func `text goes up to a control token or a marker`() throws {
    var open = try state(.sequence([.text, .token(TinyVocabulary.begin)]))
    #expect(take("any \"é\" text".utf8, &open) && take(TinyVocabulary.begin, &open))
    #expect(open.isComplete)
    var marked = try state(.sequence([.textThrough(Array("<<>".utf8)), .literal("!")]))
    #expect(take("a < b << c <".utf8, &marked) && !marked.isComplete)
    var other = marked
    #expect(take("<<>".utf8, &other) && !take("x".utf8, &other))
    #expect(take("!".utf8, &other) && other.isComplete)
    #expect(take("é<<>!".utf8, &marked) && marked.isComplete)
    #expect(!take([0xC3], &marked))
  }

  @Test func `repeats keep to their counts`() throws {
    let item = GrammarPart.literal("a")
    for (low, high) in [(0, 0), (0, 2), (2, 3), (1, nil), (3, nil), (0, nil)] as [(Int, Int?)] {
      for count in 0..<6 {
        var state = try state(.repeated(item, separator: .literal(","), min: low, max: high))
        let text = Array(repeating: "a", count: count).joined(separator: ",")
        let fits = state.advance(by: text.utf8) && state.isComplete
        #expect(
          fits == (count >= low && count <= high ?? 99),
          "\(count) of \(low) to \(high ?? -1)"
        )
      }
    }
  }

  @Test func `a token that is text, or none, is no control token`() {
    for token in [65, -1, 100_000] as [Int32] {
      #expect(throws: ConstraintError(.notControl(token: token), at: "#")) {
        try Grammar(compiling: .token(token), vocabulary: Self.vocabulary)
      }
    }
    #expect(throws: ConstraintError(.unsatisfiable("it has no end"), at: "#")) {
      try Grammar(compiling: .choice([]), vocabulary: Self.vocabulary)
    }
  }
}
