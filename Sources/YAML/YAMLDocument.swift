// SPDX-License-Identifier: Apache-2.0

import JSON
import Yams

/// The keys and values of a file, each with its line; what they mean is not known yet.
///
/// Only YAML's tree of nodes is read: no tag makes a type, no key merges another's values, and a
/// value is the text that stands there.
public struct YAMLDocument: Hashable, Sendable {
  /// The outermost keys and their values, in the file's order.
  public var entries: [YAMLEntry]

  // LIMIT: commands nest two or three deep, recipes no deeper.
  static let depthLimit = 8

  /// Reads a file's text.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes; how many they may be is the caller's to say.
  ///   - file: Its path, for errors.
  /// - Throws: `YAMLError` where it is no YAML, no mapping, or passes a limit.
  public init(_ bytes: [UInt8], file: String) throws(YAMLError) {
    if let offset = UTF8Check.firstFault(in: bytes.span) {
      throw YAMLError(.notUTF8(offset: offset), file: file)
    }
    // Before the parser: it compares whole keys, which aliases can blow up beyond any time.
    try AliasLimit.check(bytes, file: file)
    let text = String(decoding: bytes, as: UTF8.self)
    guard let root = try Self.root(of: text, file: file) else {
      entries = []
      return
    }
    var reader = NodeReader(file: file, byteCount: bytes.count)
    switch try reader.value(root, depth: 0) {
    case .section(let entries, _): self.entries = entries
    case .scalar(let scalar) where scalar.isNull: entries = []
    case .scalar(let scalar):
      let fault = YAMLError.Reason.notYAML("a key and a colon are expected")
      throw YAMLError(fault, file: file, at: scalar.position)
    case .list(_, let position):
      let fault = YAMLError.Reason.notYAML("a list stands where keys are expected")
      throw YAMLError(fault, file: file, at: position)
    }
  }

  private static func root(of text: String, file: String) throws(YAMLError) -> Node? {
    do {
      // The encoding is given, since the default asks the environment and prints what it found; the
      // basic resolver knows no types.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw YAMLError(error, text: text, file: file)
    } catch {
      throw YAMLError(.notYAML("\(error)"), file: file)
    }
  }
}
