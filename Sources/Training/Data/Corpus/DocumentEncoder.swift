// SPDX-License-Identifier: Apache-2.0

public import Tokenization

/// Turns documents into tokens.
public struct DocumentEncoder: Sendable {
  /// The tokenizer.
  public let tokenizer: Tokenizer
  private let conversations: ConversationEncoder
  private let middleFilling: MiddleFilling?
  private let prefix: [Int32]
  private let suffix: [Int32]

  /// Creates an encoder.
  ///
  /// A text gets the beginning-of-text token before it where the tokenizer asks for one, and the
  /// end-of-text token behind it where there is one.
  ///
  /// - Parameters:
  ///   - tokenizer: The tokenizer.
  ///   - template: What writes conversations.
  ///   - middleFilling: What rearranges some texts; nil for none.
  ///   - time: What a template sees as now.
  public init(
    _ tokenizer: Tokenizer,
    template: any PromptEncoder,
    middleFilling: MiddleFilling? = nil,
    time: CalendarTime = CalendarTime(secondsSinceEpoch: 0)
  ) {
    self.tokenizer = tokenizer
    self.middleFilling = middleFilling
    conversations = ConversationEncoder(tokenizer, template, time: time)
    prefix = tokenizer.prefixIDs
    suffix =
      tokenizer.suffixIDs.isEmpty
      ? tokenizer.endOfTextID.map { [$0] } ?? [] : tokenizer.suffixIDs
  }

  /// Encodes a document.
  ///
  /// - Parameter document: A text, or a conversation.
  /// - Throws: `DataError` naming the document.
  /// - Returns: One sample, or several for a conversation whose template writes earlier turns in
  ///   another way; none for a conversation without an answer.
  public func samples(of document: Document) throws(DataError) -> [EncodedDocument] {
    switch document.content {
    case .conversation(let messages, let tools):
      return try conversations.samples(messages, tools: tools, place: document.place)
    case .text(let bytes):
      do {
        return [EncodedDocument(ids: prefix + (try ids(of: bytes, document)) + suffix)]
      } catch {
        throw DataError(.tokenization(error), place: document.place.description)
      }
    }
  }

  private func ids(
    of bytes: [UInt8],
    _ document: Document
  ) throws(TokenizationError) -> [Int32] {
    if let middleFilling {
      let digest = DocumentDigest(of: ComparableText.bytes(of: document))
      let filled = try middleFilling.ids(of: bytes, digest) {
        part throws(TokenizationError) in try encode(Array(part))
      }
      if let filled { return filled }
    }
    return try encode(bytes)
  }

  private func encode(_ bytes: [UInt8]) throws(TokenizationError) -> [Int32] {
    try tokenizer.encode(utf8: bytes, addsSpecialTokens: false)
  }
}
