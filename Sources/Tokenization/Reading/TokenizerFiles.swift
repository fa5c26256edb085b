// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import JSON

extension Tokenizer {
  /// Loads the tokenizer of a Hugging Face folder: tokenizer.json, or vocab.json with merges.txt,
  /// and tokenizer_config.json where there is one.
  ///
  /// - Parameter folder: The folder's path.
  /// - Throws: `TokenizationError` naming the file and the field.
  public convenience init(folder: String) throws(TokenizationError) {
    let configuration = try Self.readIfPresent(folder, "tokenizer_config.json")
    if let bytes = try Self.readIfPresent(folder, "tokenizer.json") {
      try self.init(json: bytes, configuration: configuration)
      return
    }
    guard let vocabulary = try Self.readIfPresent(folder, "vocab.json"),
      let merges = try Self.readIfPresent(folder, "merges.txt")
    else { throw TokenizationError(.noTokenizer, place: folder) }
    try self.init(vocabulary: vocabulary, merges: merges, configuration: configuration)
  }

  /// Loads a tokenizer from the bytes of its files.
  ///
  /// - Parameters:
  ///   - json: tokenizer.json.
  ///   - configuration: tokenizer_config.json.
  /// - Throws: `TokenizationError` naming the file and the field.
  public convenience init(
    json: [UInt8],
    configuration: [UInt8]? = nil
  ) throws(TokenizationError) {
    let root = try Self.parse(json, "tokenizer.json")
    var reader = try TokenizerReader(root)
    if let configuration {
      try reader.apply(try Self.parse(configuration, "tokenizer_config.json"))
    }
    self.init(reader.parts)
  }

  /// Loads a byte-level tokenizer from the bytes of its older files.
  ///
  /// - Parameters:
  ///   - vocabulary: vocab.json.
  ///   - merges: merges.txt.
  ///   - configuration: tokenizer_config.json, whose class says how text is cut: GPT-2's way where
  ///     there is none.
  /// - Throws: `TokenizationError` naming the file and the field.
  public convenience init(
    vocabulary: [UInt8],
    merges: [UInt8],
    configuration: [UInt8]? = nil
  ) throws(TokenizationError) {
    let root = try Self.parse(vocabulary, "vocab.json")
    let settings: Field?
    if let configuration {
      settings = try Self.parse(configuration, "tokenizer_config.json")
    } else {
      settings = nil
    }
    var reader = try TokenizerReader(vocabulary: root, merges: merges, configuration: settings)
    if let settings { try reader.apply(settings) }
    self.init(reader.parts)
  }

  private static func parse(_ bytes: [UInt8], _ file: String) throws(TokenizationError) -> Field {
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes)
    } catch {
      let place = "\(file), \(error.place ?? "")"
      throw TokenizationError(.notJSON(error), place: place)
    }
    let field = Field(root: document.root, file: file)
    _ = try field.object()
    return field
  }

  private static func readIfPresent(
    _ folder: String,
    _ name: String
  ) throws(TokenizationError) -> [UInt8]? {
    do {
      let region = try MemoryRegion(mapping: "\(folder)/\(name)")
      return region.copyBytes(0..<region.byteCount)
    } catch {
      if error.exitCode == .noInput { return nil }
      throw TokenizationError(.unreadable(error), place: name)
    }
  }
}
