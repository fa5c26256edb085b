// SPDX-License-Identifier: Apache-2.0

import JSON

extension TokenizerReader {
  /// Reads `added_tokens` of tokenizer.json.
  ///
  /// - Returns: The ids of the special ones.
  mutating func readAddedTokens(_ fields: [Field]) throws(TokenizationError) -> Set<Int32> {
    var tokens: [AddedToken] = []
    for field in fields {
      let id = try field.required("id")
      let number = try id.integer()
      guard (0..<Vocabulary.idLimit).contains(number) else {
        throw id.error(.idOutOfRange(number, limit: Vocabulary.idLimit))
      }
      tokens.append(try Self.token(field, id: Int32(number)))
    }
    return try addTokens(tokens, place: "tokenizer.json, field added_tokens")
  }

  private static func token(_ field: Field, id: Int32) throws(TokenizationError) -> AddedToken {
    let isSpecial = try field.flag("special", default: false)
    return AddedToken(
      id: id,
      content: try field.required("content").string(),
      isSpecial: isSpecial,
      isNormalized: try field.flag("normalized", default: !isSpecial),
      isSingleWord: try field.flag("single_word", default: false),
      stripsLeft: try field.flag("lstrip", default: false),
      stripsRight: try field.flag("rstrip", default: false)
    )
  }

  /// Adds tokens to the vocabulary and makes their matchers.
  ///
  /// - Returns: The ids of the special ones.
  mutating func addTokens(
    _ tokens: [AddedToken],
    place: String
  ) throws(TokenizationError) -> Set<Int32> {
    var raw: [(content: [UInt8], token: Int)] = []
    var normalized: [(content: [UInt8], token: Int)] = []
    var state = PatternState()
    for (index, token) in tokens.enumerated() {
      let content = Array(token.content.utf8)
      if let known = parts.vocabulary.id(of: content.span) {
        guard known == token.id else {
          throw TokenizationError(.duplicatePiece(token.content), place: place)
        }
      } else {
        do {
          try parts.vocabulary.insert(content.span, id: Int(token.id))
        } catch { throw TokenizationError(error.reason, place: place) }
      }
      if token.isSpecial { parts.specialIDs.insert(token.id) }
      if token.isNormalized {
        state.allowSteps(forByteCount: content.count)
        let text = try parts.normalizer.normalized(content.span, &state) ?? content
        normalized.append((text, index))
      } else {
        raw.append((content, index))
      }
    }
    parts.addedTokens = tokens
    parts.rawMatcher = AddedTokenMatcher(raw)
    parts.normalizedMatcher = AddedTokenMatcher(normalized)
    parts.templateMatcher = AddedTokenMatcher(
      tokens.enumerated().map { (content: Array($1.content.utf8), token: $0) }
    )
    return parts.specialIDs
  }

  /// Returns the tokens that tokenizer_config.json names, for the older files that have no list.
  static func namedTokens(_ configuration: Field) throws(TokenizationError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    guard let list = configuration.optional("added_tokens_decoder") else { return tokens }
    for member in try list.object() {
      let field = Field(member.value, file: list.file, path: "\(list.path).\(member.key)")
      guard let id = Int32(member.key), (0..<Int32(Vocabulary.idLimit)).contains(id) else {
        throw list.error(.wrongKind(found: "'\(member.key)'", expected: "an id"))
      }
      tokens.append(try token(field, id: id))
    }
    return tokens
  }

  /// Returns the named ends of a text as special tokens, where the vocabulary has them.
  func endTokens(_ configuration: Field) throws(TokenizationError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for key in ["bos_token", "eos_token", "unk_token", "pad_token"] {
      guard let content = try Self.content(of: key, in: configuration) else { continue }
      let bytes = Array(content.utf8)
      guard let id = parts.vocabulary.id(of: bytes.span),
        !tokens.contains(where: { $0.id == id })
      else { continue }
      tokens.append(
        AddedToken(
          id: id,
          content: content,
          isSpecial: true,
          isNormalized: false,
          isSingleWord: false,
          stripsLeft: false,
          stripsRight: false
        )
      )
    }
    return tokens
  }
}
