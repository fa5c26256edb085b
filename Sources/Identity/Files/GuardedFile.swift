// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A file that the guard reads: JSON lines, or text whose paragraphs are documents.
///
/// The file streams; memory holds one piece of it, or its longest line or paragraph.
public struct GuardedFile: Sendable {
  /// A hit and its place.
  public struct Hit: Sendable, Hashable {
    /// The 1-based line: of the document in JSON lines, of the sentence in text.
    public var line: Int
    /// The document's `id`, where it has one.
    public var id: JSONText?
    /// What was found.
    public var hit: IdentityHit
  }

  /// What was read.
  public struct Count: Sendable, Hashable {
    /// How many documents.
    public var documents = 0
    /// How many hits.
    public var hits = 0
    /// How many bytes.
    public var bytes = 0

    /// Creates an empty count.
    public init() {}

    /// Adds another file's count.
    public static func += (left: inout Count, right: Count) {
      left.documents += right.documents
      left.hits += right.hits
      left.bytes += right.bytes
    }
  }

  /// The path, or `-` for standard input.
  public let path: String

  /// Names a file.
  public init(path: String) { self.path = path }

  // LIMIT: no document of a person comes near; it bounds the memory that a file can ask for.
  static let longestLine = 100_000_000
  // LIMIT: a paragraph that has not ended by then is cut at a line's end, or anywhere in a line.
  static let longestParagraph = 8_000_000

  /// Whether each line is a JSON document.
  public var isJSONLines: Bool { path.hasSuffix(".jsonl") }

  /// Reads the file and reports each hit as it is found.
  ///
  /// - Parameters:
  ///   - guardian: What finds them.
  ///   - shouldGoOn: Told the bytes read so far; false ends the reading.
  ///   - report: Takes each hit, in order.
  /// - Returns: What was read.
  /// - Throws: `IdentityError` naming the line or the byte, and what `report` throws.
  public func check(
    with guardian: IdentityGuard,
    while shouldGoOn: (Int) -> Bool = { _ in true },
    report: (Hit) throws -> Void
  ) throws -> Count {
    var reader = try ByteReader(path: path)
    var buffer: [UInt8] = []
    var count = Count()
    var line = 1
    var isWhole = false
    while !isWhole, shouldGoOn(count.bytes) {
      isWhole = try !reader.append(to: &buffer)
      let end = try isWhole ? buffer.count : endOfDocuments(buffer, line)
      guard end > 0 else { continue }
      let hits =
        isJSONLines
        ? try checkLines(buffer[..<end], guardian, &line, &count)
        : try checkText(buffer.span.extracting(..<end), guardian, &line, &count)
      for hit in hits { try report(hit) }
      count.hits += hits.count
      count.bytes += end
      buffer.removeFirst(end)
    }
    return count
  }

  /// How much of the buffer is whole documents.
  private func endOfDocuments(_ bytes: [UInt8], _ line: Int) throws(IdentityError) -> Int {
    if isJSONLines {
      if let end = bytes.lastIndex(of: 0x0A) { return end + 1 }
      guard bytes.count <= Self.longestLine else {
        throw IdentityError(.lineTooLong(limit: Self.longestLine), file: path, line: line)
      }
      return 0
    }
    return TextBlock.endOfParagraphs(bytes.span)
      ?? (bytes.count > Self.longestParagraph ? TextBlock.endOfLines(bytes.span) : 0)
  }

  private func checkLines(
    _ bytes: ArraySlice<UInt8>,
    _ guardian: IdentityGuard,
    _ line: inout Int,
    _ count: inout Count
  ) throws(IdentityError) -> [Hit] {
    var hits: [Hit] = []
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
      let content = Array(bytes[start..<end])
      if TextBlock.hasText(content.span) {
        count.documents += 1
        let document = try DocumentLine(content, file: path, line: line)
        if document.mayHoldHit(guardian) {
          let found = guardian.check(document.document)
          hits += found.map { Hit(line: line, id: document.id, hit: $0) }
        }
      }
      line += 1
      start = end + 1
    }
    return hits
  }

  private func checkText(
    _ bytes: Span<UInt8>,
    _ guardian: IdentityGuard,
    _ line: inout Int,
    _ count: inout Count
  ) throws(IdentityError) -> [Hit] {
    if let fault = TextBlock.firstFault(bytes) {
      throw IdentityError(.notText(byte: count.bytes + fault), file: path)
    }
    var hits: [Hit] = []
    var position = 0
    for paragraph in Paragraphs.ranges(of: bytes) {
      count.documents += 1
      let part = bytes.extracting(paragraph)
      guard guardian.mayHoldHit(part) else { continue }
      for hit in guardian.check(IdentityDocument(text: String(copying: part))) {
        let place = paragraph.lowerBound + hit.sentenceBytes.lowerBound
        line += TextBlock.lineCount(bytes.extracting(position..<place))
        position = place
        hits.append(Hit(line: line, id: nil, hit: hit))
      }
    }
    line += TextBlock.lineCount(bytes.extracting(position...))
    return hits
  }
}
