// SPDX-License-Identifier: Apache-2.0

import JSON

/// A tokenizer that was trained here, as the files that others read.
public struct TrainedTokenizer: Sendable {
  private let options: TokenizerTraining.Options
  /// The pieces by id, as the file writes them.
  let pieces: [[UInt8]]
  let merges: [(left: Int32, right: Int32)]

  init(
    _ options: TokenizerTraining.Options,
    pieces: [[UInt8]],
    merges: [(left: Int32, right: Int32)]
  ) {
    self.options = options
    self.pieces = pieces
    self.merges = merges
  }

  /// How many ids there are.
  public var vocabularyCount: Int { pieces.count }

  /// How many merges there are.
  public var mergeCount: Int { merges.count }

  /// The tokenizer, ready for use.
  ///
  /// - Throws: `TokenizationError`, which a tokenizer that was trained here never does.
  public func tokenizer() throws(TokenizationError) -> Tokenizer {
    try Tokenizer(json: json, configuration: configuration)
  }

  /// tokenizer.json.
  public var json: [UInt8] {
    bytes(
      .object([
        ("version", .string("1.0")),
        ("truncation", .null),
        ("padding", .null),
        ("added_tokens", .array(addedTokens)),
        ("normalizer", .null),
        ("pre_tokenizer", options.split.json),
        ("post_processor", postProcessor),
        ("decoder", SplitStyle.byteLevel(usesRegex: true)),
        ("model", model),
      ])
    )
  }

  /// tokenizer_config.json.
  public var configuration: [UInt8] {
    func name(_ token: String?) -> JSONText { token.map(JSONText.string) ?? .null }
    return bytes(
      .object([
        ("bos_token", name(options.beginningOfText)),
        ("eos_token", name(options.endOfText)),
        ("pad_token", name(options.padding ?? options.endOfText)),
        ("clean_up_tokenization_spaces", .boolean(false)),
        ("tokenizer_class", .string("PreTrainedTokenizerFast")),
      ])
    )
  }

  private func bytes(_ text: JSONText) -> [UInt8] {
    var bytes: [UInt8] = []
    text.write(to: &bytes)
    bytes.append(0x0A)
    return bytes
  }

  private var addedTokens: [JSONText] {
    options.controlTokens.enumerated().map { id, token in
      .object([
        ("id", .integer(id)),
        ("content", .string(token.content)),
        ("single_word", .boolean(false)),
        ("lstrip", .boolean(false)),
        ("rstrip", .boolean(false)),
        ("normalized", .boolean(false)),
        ("special", .boolean(token.isSpecial)),
      ])
    }
  }

  /// Puts the beginning of text before it, where there is one.
  private var postProcessor: JSONText {
    guard let token = options.beginningOfText,
      let id = options.controlTokens.firstIndex(where: { $0.content == token })
    else { return .null }
    func special(_ type: Int) -> JSONText {
      .object([
        ("SpecialToken", .object([("id", .string(token)), ("type_id", .integer(type))]))
      ])
    }
    func sequence(_ name: String, _ type: Int) -> JSONText {
      .object([("Sequence", .object([("id", .string(name)), ("type_id", .integer(type))]))])
    }
    let tokens = JSONText.object([
      (
        token,
        .object([
          ("id", .string(token)), ("ids", .array([.integer(id)])),
          ("tokens", .array([.string(token)])),
        ])
      )
    ])
    return .object([
      ("type", .string("TemplateProcessing")),
      ("single", .array([special(0), sequence("A", 0)])),
      ("pair", .array([special(0), sequence("A", 0), special(1), sequence("B", 1)])),
      ("special_tokens", tokens),
    ])
  }

  private var model: JSONText {
    let texts = pieces.map { String(decoding: $0, as: UTF8.self) }
    return .object([
      ("type", .string("BPE")),
      ("dropout", .null),
      ("unk_token", .null),
      ("continuing_subword_prefix", .null),
      ("end_of_word_suffix", .null),
      ("fuse_unk", .boolean(false)),
      ("byte_fallback", .boolean(false)),
      ("ignore_merges", .boolean(false)),
      ("vocab", .object(texts.enumerated().map { ($1, .integer($0)) })),
      (
        "merges",
        .array(
          merges.map { merge in
            .array([.string(texts[Int(merge.left)]), .string(texts[Int(merge.right)])])
          }
        )
      ),
    ])
  }
}
