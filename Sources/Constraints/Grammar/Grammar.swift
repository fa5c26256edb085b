// SPDX-License-Identifier: Apache-2.0

/// What an answer may be: a pushdown automaton over a model's tokens.
public struct Grammar: Sendable {
  let automaton: Automaton
  let vocabulary: TokenVocabulary
  let cache: MaskCache
  let start: Int32

  /// Compiles a grammar.
  ///
  /// - Parameters:
  ///   - part: What the whole answer must be.
  ///   - vocabulary: The model's tokens.
  /// - Throws: `ConstraintError` where it is too large, nothing fits it, or a control token is none.
  public init(
    compiling part: GrammarPart,
    vocabulary: TokenVocabulary
  ) throws(ConstraintError) {
    var compiler = PartCompiler(vocabulary)
    start = try compiler.compile(part)
    automaton = compiler.automaton
    self.vocabulary = vocabulary
    cache = MaskCache(automaton, vocabulary)
  }

  /// Compiles a grammar of one JSON text.
  ///
  /// - Throws: `ConstraintError` where it is too large or nothing fits it.
  public init(
    _ schema: JSONSchema,
    vocabulary: TokenVocabulary
  ) throws(ConstraintError) {
    try self.init(compiling: .json(schema), vocabulary: vocabulary)
  }

  /// The ids that end an answer.
  public var endTokens: Set<Int32> { vocabulary.endTokens }

  /// How many states the automaton has.
  public var stateCount: Int { automaton.nodes.count }
}
