// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing
import JSON
import Tokenization

/// One file of texts, mapped, and the documents in it.
public final class CorpusSource: Sendable {
  /// Where a document lies in the file.
  struct Extent: Sendable {
    var offset: Int
    var byteCount: Int
    var line: Int
  }

  /// The file's path, as it was named.
  public let path: String
  /// How many bytes the file has.
  public let byteCount: Int
  /// The SHA-256 of the file, in hexadecimal.
  public let digest: String
  /// Whether each line is a JSON object.
  public let isJSONLines: Bool
  let extents: [Extent]
  private let region: MemoryRegion

  /// Maps a file, checks that it is text, and finds its documents.
  ///
  /// - Parameters:
  ///   - path: A file of UTF-8 text; of JSON lines where its name ends in `.jsonl`.
  ///   - unit: What is a document where the file is plain text.
  /// - Throws: `DataError` where the file cannot be read or is no text.
  public init(path: String, unit: DocumentUnit) throws(DataError) {
    self.path = path
    do { region = try MemoryRegion(mapping: path) } catch { throw DataError(error) }
    byteCount = region.byteCount
    isJSONLines = path.hasSuffix(".jsonl")
    var hash = SHA256Hash()
    var finder = ExtentFinder(isJSONLines ? .lines : unit == .files ? .whole : .paragraphs)
    var position = 0
    while position < byteCount {
      let bytes = Self.chunk(of: region, from: position)
      if let offset = Self.firstFault(in: bytes) {
        throw DataError(.notText(offset: position + offset), place: path)
      }
      hash.update(bytes)
      finder.read(bytes, at: position)
      position += bytes.count
    }
    digest = Hexadecimal.text(hash.digest)
    extents = finder.finish(at: byteCount)
  }

  /// How many documents the file has, empty ones left out.
  public var documentCount: Int { extents.count }

  /// Reads a document.
  ///
  /// - Parameter index: Which.
  /// - Throws: `DataError` where a line is no document.
  /// - Returns: The document.
  public func document(_ index: Int) throws(DataError) -> Document {
    let extent = extents[index]
    let bytes = region.copyBytes(extent.offset..<extent.offset + extent.byteCount)
    let place = DocumentPlace(
      path: path,
      line: extent.line,
      offset: extent.offset,
      byteCount: extent.byteCount
    )
    guard isJSONLines else { return Document(.text(bytes), place: place) }
    return Document(try Self.content(ofLine: bytes, place), place: place)
  }

  private static func content(
    ofLine bytes: [UInt8],
    _ place: DocumentPlace
  ) throws(DataError) -> Document.Content {
    let root: JSONValue
    do { root = try JSONDocument(bytes).root } catch {
      throw DataError(.notJSON(error), place: "\(place), byte \(error.offset) of the line")
    }
    if let text = root["text"]?.stringBytes { return .text(text) }
    guard let list = root["messages"]?.array else {
      let found = root.object == nil ? "found no object" : "found neither 'text' nor 'messages'"
      throw DataError(.notDocument(found), place: place.description)
    }
    do {
      var messages: [PromptValue] = []
      for message in list { messages.append(try PromptValue(message)) }
      let tools = try root["tools"].map { value throws(TemplateError) in try PromptValue(value) }
      guard messages.allSatisfy({ $0["role"]?.string != nil }) else {
        throw DataError(.notDocument("a message has no 'role'"), place: place.description)
      }
      return .conversation(messages, tools: tools == .null ? nil : tools)
    } catch let error as DataError {
      throw error
    } catch let error as TemplateError {
      throw DataError(.template(error), place: place.description)
    } catch {
      throw DataError(.notDocument("\(error)"), place: place.description)
    }
  }

  // MARK: Reading

  // LIMIT: what is copied at a time to be checked and hashed.
  private static let chunkByteCount = 1 << 20

  /// Copies some bytes that end where a scalar ends, or the file does.
  private static func chunk(of region: MemoryRegion, from start: Int) -> [UInt8] {
    let end = min(start + chunkByteCount, region.byteCount)
    var bytes = region.copyBytes(start..<end)
    guard end < region.byteCount else { return bytes }
    // What is no text may have no such end; then the fault is found in what is here.
    var kept = bytes.count
    while kept > bytes.count - 4, bytes[kept - 1] & 0xC0 == 0x80 { kept -= 1 }
    if bytes[kept - 1] & 0xC0 == 0xC0 { bytes.removeLast(bytes.count - kept + 1) }
    return bytes
  }

  /// The first byte that is no UTF-8, or is NUL, which no text holds.
  private static func firstFault(in bytes: [UInt8]) -> Int? {
    let fault = UTF8Check.firstFault(in: bytes.span)
    let end = fault ?? bytes.count
    return bytes[..<end].firstIndex(of: 0) ?? fault
  }
}
