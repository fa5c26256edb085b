// SPDX-License-Identifier: Apache-2.0

import JSON

/// Builds a tokenizer's parts from the fields of its files.
struct TokenizerReader {
  var parts: TokenizerParts

  /// Reads tokenizer.json.
  init(_ root: Field) throws(TokenizationError) {
    let model = try root.required("model")
    try Self.checkModel(model)
    let vocabulary = try model.required("vocab")
    let merges = try model.required("merges")
    let added = try root.optional("added_tokens")?.elements() ?? []
    parts = TokenizerParts(
      vocabulary: try Self.vocabulary(vocabulary, addedCount: added.count),
      merges: MergeTable(capacity: merges.value.array?.count ?? 0)
    )
    try readNormalizer(root.optional("normalizer"))
    try readPreTokenizer(root.optional("pre_tokenizer"))
    if let decoder = root.optional("decoder") { parts.decoder = try Self.decoder(decoder) }
    try readModel(model)
    let specialContents = try readAddedTokens(added)
    try readMerges(merges, specialContents: specialContents)
    if let processor = root.optional("post_processor") { try readPostProcessor(processor) }
  }

  /// Reads vocab.json and merges.txt.
  init(
    vocabulary: Field,
    merges: [UInt8],
    configuration: Field?
  ) throws(TokenizationError) {
    let tokens =
      try configuration.map { field throws(TokenizationError) in try Self.namedTokens(field) } ?? []
    let lines = merges.split(separator: 0x0A)
    parts = TokenizerParts(
      vocabulary: try Self.vocabulary(vocabulary, addedCount: tokens.count),
      merges: MergeTable(capacity: lines.count)
    )
    parts.decoder = .byteLevel
    parts.preTokenizer.isByteLevel = true
    try chooseSplit(configuration)
    setByteIDs()
    parts.vocabulary.endModel()
    var all = tokens
    if let configuration {
      let known = Set(tokens.map(\.id))
      all += try endTokens(configuration).filter { !known.contains($0.id) }
    }
    let special = try addTokens(all, place: "tokenizer_config.json")
    try readMergeLines(lines, specialContents: special)
  }

  private static func checkModel(_ model: Field) throws(TokenizationError) {
    if let type = model.optional("type") {
      let name = try type.string()
      guard name == "BPE" else { throw type.error(.unsupported(part: "model", kind: name)) }
    }
    if let dropout = model.optional("dropout"), dropout.value.double != 0 {
      throw dropout.error(.unsupported(part: "option", kind: "dropout"))
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let field = model.optional(key), !(try field.string()).isEmpty {
        throw field.error(.unsupported(part: "option", kind: key))
      }
    }
  }

  private static func vocabulary(
    _ field: Field,
    addedCount: Int
  ) throws(TokenizationError) -> Vocabulary {
    let members = try field.object()
    var vocabulary = Vocabulary(capacity: members.count + addedCount)
    var piece: [UInt8] = []
    for member in members {
      piece.removeAll(keepingCapacity: true)
      member.appendKeyBytes(to: &piece)
      guard let id = member.value.integer else {
        let path = field.path.isEmpty ? member.key : "\(field.path).\(member.key)"
        throw Field(member.value, file: field.file, path: path).wrongKind("an integer")
      }
      do {
        try vocabulary.insert(piece.span, id: id)
      } catch { throw field.error(error.reason) }
    }
    return vocabulary
  }

  private mutating func readModel(_ model: Field) throws(TokenizationError) {
    parts.ignoresMerges = try model.flag("ignore_merges", default: false)
    parts.fusesUnknown = try model.flag("fuse_unk", default: false)
    parts.hasByteFallback = try model.flag("byte_fallback", default: false)
    if let unknown = model.optional("unk_token") {
      let bytes = try unknown.bytes()
      parts.unknownID = parts.vocabulary.modelID(of: bytes.span)
      if parts.unknownID == nil { throw unknown.error(.unknownToken(try unknown.string())) }
    }
    setByteIDs()
    parts.vocabulary.endModel()
  }

  private mutating func setByteIDs() {
    for byte in 0..<256 {
      var symbol = ByteAlphabet.symbols[byte]
      if !parts.preTokenizer.isByteLevel {
        let digits = String(byte, radix: 16, uppercase: true)
        symbol = Array("<0x\(digits.count < 2 ? "0" : "")\(digits)>".utf8)
      }
      parts.byteIDs[byte] = parts.vocabulary.modelID(of: symbol.span) ?? -1
    }
  }

  /// Reads tokenizer_config.json: the ends of a text and whether they are added.
  mutating func apply(_ configuration: Field) throws(TokenizationError) {
    parts.beginningOfTextID = try id(of: "bos_token", in: configuration)
    parts.endOfTextID = try id(of: "eos_token", in: configuration)
    if try configuration.flag("add_bos_token", default: false),
      let id = try requiredID(of: "bos_token", in: configuration), parts.prefix.first != id
    {
      parts.prefix.insert(id, at: 0)
    }
    if try configuration.flag("add_eos_token", default: false),
      let id = try requiredID(of: "eos_token", in: configuration), parts.suffix.last != id
    {
      parts.suffix.append(id)
    }
  }

  /// Returns the id of a token that the configuration names as text or as an object; nil where it
  /// names none, or one that the vocabulary lacks.
  private func id(of key: String, in configuration: Field) throws(TokenizationError) -> Int32? {
    guard let token = try Self.content(of: key, in: configuration) else { return nil }
    let bytes = Array(token.utf8)
    return parts.vocabulary.id(of: bytes.span)
  }

  private func requiredID(
    of key: String,
    in configuration: Field
  ) throws(TokenizationError) -> Int32? {
    guard let token = try Self.content(of: key, in: configuration) else { return nil }
    let bytes = Array(token.utf8)
    guard let id = parts.vocabulary.id(of: bytes.span) else {
      throw TokenizationError(
        .unknownToken(token),
        place: "\(configuration.file), field \(key)"
      )
    }
    return id
  }

  static func content(of key: String, in configuration: Field) throws(TokenizationError) -> String?
  {
    guard let field = configuration.optional(key) else { return nil }
    if field.value.object != nil { return try field.required("content").string() }
    return try field.string()
  }
}
