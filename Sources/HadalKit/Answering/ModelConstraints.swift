// SPDX-License-Identifier: Apache-2.0

package import Constraints
import Synchronization
package import Tokenization

/// What a model's answers can be made to keep to: its tokens as grammars take them, and its form of calls.
package final class ModelConstraints: Sendable {
  /// How the model's template writes calls; nil where it does so in a form that is not read.
  package let format: ToolCallFormat?
  /// The token that opens the reasoning, and what closes it; nil and empty where the tokenizer has none.
  package let openingID: Int32?
  let closingIDs: [Int32]
  let tokenizer: Tokenizer
  private let endIDs: Set<Int32>
  private let markers: [String: Int32]
  /// Half a second's work with a large vocabulary.
  private let vocabulary = Mutex<TokenVocabulary?>(nil)

  /// Prepares a model.
  ///
  /// - Parameters:
  ///   - tokenizer: Its tokens.
  ///   - endIDs: Those that end an answer.
  ///   - encoder: What makes its prompts; nil where there is none.
  package init(_ tokenizer: Tokenizer, endIDs: Set<Int32>, encoder: (any PromptEncoder)?) {
    self.tokenizer = tokenizer
    self.endIDs = endIDs
    markers = Dictionary(tokenizer.addedTokens.map { ($0.content, $0.id) }) { first, _ in first }
    openingID = markers["<think>"]
    closingIDs = (try? tokenizer.encode("</think>", addedTokens: .all)) ?? []
    format = encoder.map(Self.format) ?? .plain
  }

  /// How a template writes a call that stands in a conversation.
  private static func format(of encoder: any PromptEncoder) -> ToolCallFormat? {
    let function: [PromptValue.Member] = [
      .init("name", .string(ToolCallFormat.probeName)),
      .init("arguments", .string(ToolCallFormat.probeArguments)),
    ]
    let call: [PromptValue.Member] = [
      .init("id", .string("call_00_0")), .init("type", .string("function")),
      .init("function", .object(function)),
    ]
    let request = ChatRequest(
      messages: [
        .object([.init("role", .string("user")), .init("content", .string("?"))]),
        .object([
          .init("role", .string("assistant")), .init("content", .null),
          .init("tool_calls", .array([.object(call)])),
        ]),
      ],
      addsGenerationPrompt: false
    )
    // A template that refuses calls leaves them out, as one that knows of none.
    guard let prompt = try? encoder.prompt(for: request, time: CalendarTime(secondsSinceEpoch: 0))
    else { return .plain }
    return ToolCallFormat(rendering: prompt.text)
  }

  /// Lays out the vocabulary before anybody waits for it.
  package func prepare() { vocabulary.withLock { $0 = $0 ?? makeVocabulary() } }

  /// The grammar of an answer.
  ///
  /// - Throws: `ConstraintError` where it is too large or nothing fits it.
  func grammar(_ part: GrammarPart) throws(ConstraintError) -> Grammar {
    let vocabulary = vocabulary.withLock { held in
      let made = held ?? makeVocabulary()
      held = made
      return made
    }
    return try Grammar(compiling: part, vocabulary: vocabulary)
  }

  private func makeVocabulary() -> TokenVocabulary {
    let added = Set(tokenizer.addedTokens.map(\.id))
    let bytes = (0..<Int32(tokenizer.vocabularyCount)).map { id in
      // Text is never control: what a template writes as one token no string of an answer may hold.
      added.contains(id) ? nil : tokenizer.bytes(of: id)
    }
    return TokenVocabulary(tokenBytes: bytes, endTokens: endIDs)
  }

  /// The part of a grammar for calls of some functions, one at least.
  func calls(
    of functions: [CallableFunction],
    _ frame: ToolCallFrame,
    isParallel: Bool
  ) -> GrammarPart {
    let call = GrammarPart.choice(
      functions.map { function in
        .sequence([
          part(frame.beforeName), .literal(function.name), part(frame.beforeArguments),
          arguments(function, frame.arguments), part(frame.afterArguments),
        ])
      }
    )
    return .sequence([
      part(frame.opening),
      .repeated(call, separator: part(frame.separator), min: 1, max: isParallel ? nil : 1),
      part(frame.closing),
    ])
  }

  private func arguments(
    _ function: CallableFunction,
    _ form: ToolCallFrame.Arguments
  ) -> GrammarPart {
    switch form {
    case .object: return .json(function.parameters)
    case .parameters(let parameter):
      let names = function.parameterNames
      guard !names.isEmpty else { return .sequence([]) }
      // Which of them are given, and whether as text, is the model's to say: the form has no types.
      let text = GrammarPart.sequence([part(parameter.beforeText), .text])
      let value = GrammarPart.sequence([part(parameter.beforeValue), .json(.any)])
      return .repeated(
        .sequence([
          part(parameter.beforeKey), .choice(names.map { .literal($0) }), .choice([text, value]),
          part(parameter.afterValue),
        ]),
        separator: .sequence([]),
        min: 0,
        max: nil
      )
    }
  }

  private func part(_ pieces: [ToolCallFrame.Piece]) -> GrammarPart {
    .sequence(
      pieces.map { piece in
        switch piece {
        case .marker(let text): markers[text].map(GrammarPart.token) ?? .literal(text)
        case .text(let text): .literal(text)
        case .number: .choice((0..<10).map { .literal("\($0)") })
        }
      }
    )
  }
}
