// SPDX-License-Identifier: Apache-2.0

public import Tokenization

/// What a model learns from as one: a text, or a conversation.
public struct Document: Sendable {
  /// What a document holds.
  public enum Content: Sendable, Hashable {
    /// A text, in UTF-8.
    case text([UInt8])
    /// A conversation, and the tools that it may use.
    case conversation([PromptValue], tools: PromptValue?)
  }

  /// What it holds.
  public var content: Content
  /// Where it stands.
  public let place: DocumentPlace

  /// How many bytes of UTF-8 the text has, or what is said in the conversation.
  public var textByteCount: Int {
    switch content {
    case .text(let bytes): bytes.count
    case .conversation(let messages, _):
      messages.reduce(0) { sum, message in
        sum + (message["content"]?.string?.utf8.count ?? 0)
          + (message["reasoning_content"]?.string?.utf8.count ?? 0)
      }
    }
  }

  /// Creates a document.
  public init(_ content: Content, place: DocumentPlace) {
    self.content = content
    self.place = place
  }
}

/// Where a document stands in its file.
public struct DocumentPlace: Sendable, Hashable, CustomStringConvertible {
  /// The file's path, as it was named.
  public var path: String
  /// The 1-based line on which the document begins.
  public var line: Int
  /// The byte at which it begins.
  public var offset: Int
  /// How many bytes of the file it takes.
  public var byteCount: Int

  /// Creates a place.
  public init(path: String, line: Int, offset: Int, byteCount: Int) {
    self.path = path
    self.line = line
    self.offset = offset
    self.byteCount = byteCount
  }

  /// The place as messages name it.
  public var description: String { "\(path), line \(line)" }
}
