// SPDX-License-Identifier: Apache-2.0

/// A parsed JSON text: its bytes and a flat list of nodes that point into them.
///
/// Nothing is decoded before it is asked for, so a tokenizer of 8 MB with 250,000 strings is read
/// in the time of one pass over its bytes. Objects keep their keys in the order of the text.
public struct JSONDocument: Sendable {
  /// The limits that a reader of outside bytes sets.
  public struct Limits: Sendable, Hashable {
    /// The deepest nesting of containers.
    public var depth: Int
    /// The longest text, in bytes.
    public var byteCount: Int

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - depth: The deepest nesting; published files use at most about 10.
    ///   - byteCount: The longest text; safetensors caps its header at 100 MB, tokenizers stay
    ///     below 35 MB.
    public init(depth: Int = 64, byteCount: Int = 100_000_000) {
      self.depth = depth
      self.byteCount = byteCount
    }
  }

  struct Node {
    enum Kind: UInt8 {
      case null
      case boolean
      case integer
      case number
      case string
      case escapedString
      case array
      case object
    }

    var kind: Kind
    /// The first byte: of a string's content, of a number, of a container's bracket.
    var start: UInt32
    /// One past the last byte of a string's content or a number.
    var end: UInt32
    /// The node after this value and all that it holds.
    var next: UInt32
    /// How many children a container has: elements, or key and value pairs.
    var count: UInt32
  }

  let bytes: [UInt8]
  let nodes: [Node]

  /// Parses one JSON value that fills the whole text.
  ///
  /// - Complexity: O(n) time; memory at most 20 bytes for each value of the text.
  /// - Throws: `JSONError` where the text is no JSON, or passes a limit.
  public init(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) {
    guard bytes.count <= min(limits.byteCount, Int(UInt32.max)) else {
      throw JSONError(reason: .tooLong(limit: limits.byteCount), offset: 0, line: 1)
    }
    self.nodes = try JSONParser.nodes(of: bytes.span, depthLimit: limits.depth)
    self.bytes = bytes
  }

  /// The document's value.
  public var root: JSONValue { JSONValue(document: self, index: 0) }
}
