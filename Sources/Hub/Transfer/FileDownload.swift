// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Brings one file, however often the line drops.
struct FileDownload: Sendable {
  // LIMIT: what is written at once; a hop to the writing thread costs some microseconds.
  private static let pieceByteCount = 1 << 20

  let client: HubClient
  let address: HTTPAddress
  let file: HubFile
  let sink: FileSink
  let patience: Patience

  /// Fetches what is missing and checks the whole.
  ///
  /// - Throws: `HubError` or `CancellationError`; what came so far stays for the next pull, unless
  ///   it is known to be wrong.
  func run() async throws {
    var isResumed = try await sink.open() > 0
    var tag: String?
    var failureCount = 0
    // Progress is what no attempt reached before: a hub that cannot do parts might drop the line now
    // here and now there for ever.
    var farthest = await sink.byteCount
    while true {
      do {
        if await sink.byteCount < file.byteCount { try await fetch(tag: &tag) }
        try await sink.verify()
        return
      } catch let error as HubError {
        let byteCount = await sink.byteCount
        if isResumed, case .otherDigest = error.reason {
          // What the earlier pull left was not this file: from the beginning, once.
          isResumed = false
          farthest = 0
          continue
        }
        if byteCount - farthest >= patience.progressByteCount { failureCount = 0 }
        farthest = max(farthest, byteCount)
        failureCount += 1
        guard let delay = patience.delay(after: error, count: failureCount) else {
          if error.spoilsBytes || byteCount == 0 { await sink.discard() }
          guard case .cut = error.reason else { throw error }
          throw HubError(.cut(received: byteCount, promised: file.byteCount), place: file.path)
        }
        try await Task.sleep(for: delay)
      }
    }
  }

  /// Asks once for all that is missing.
  @concurrent private func fetch(tag: inout String?) async throws {
    let start = await sink.byteCount
    var headers: [(String, String)] = []
    if start > 0 {
      headers.append(("range", "bytes=\(start)-"))
      if let tag { headers.append(("if-range", tag)) }
    }
    do {
      try await client.get(address, thing: "file", place: file.path, headers: headers) {
        head,
        body in
        try await check(head, start: start)
        // A weak tag does not promise equal bytes, so it cannot join parts.
        tag = head.headers.first(name: "etag").flatMap { $0.hasPrefix("\"") ? $0 : nil }
        try await take(&body)
      }
    } catch let error as HubError where error.reason == .unexpectedStatus(416) && start > 0 {
      try await sink.reset()
      throw HubError(.otherRange("none from byte \(start) on"), place: file.path)
    }
  }

  /// Checks that what comes is what was asked for.
  private func check(_ head: HTTPResponseHead, start: Int) async throws {
    if HubClient.isWebPage(head), !file.path.hasSuffix(".html") {
      throw HubError(.webPage, place: file.path)
    }
    if head.status.code == 206 {
      let range = head.headers.first(name: "content-range") ?? ""
      guard ContentRange(range)?.isTail(from: start, of: file.byteCount) == true else {
        // A hub that counts otherwise is asked for the whole.
        try await sink.reset()
        throw HubError(.otherRange(RepositoryPath.shown(range)), place: file.path)
      }
      return
    }
    // The hub sends the whole: it cannot do parts, or the tag is another one.
    if start > 0 { try await sink.reset() }
    if let text = head.headers.first(name: "content-length"), let count = Int(text),
      count != file.byteCount
    {
      throw HubError(.otherByteCount(found: count, promised: file.byteCount), place: file.path)
    }
  }

  /// Takes the bytes to the end of the answer.
  @concurrent private func take(_ body: inout HTTPBody) async throws {
    var pieces: [ByteBuffer] = []
    var waiting = 0
    var total = await sink.byteCount
    var piece: ByteBuffer?
    repeat {
      do { piece = try await body.next() } catch {
        // What came before a cut is good.
        if !(error is CancellationError) { try await sink.append(pieces) }
        throw error
      }
      if let piece {
        total += piece.readableBytes
        guard total <= file.byteCount else {
          throw HubError(.tooLong(promised: file.byteCount), place: file.path)
        }
        pieces.append(piece)
        waiting += piece.readableBytes
      }
      if piece == nil || waiting >= Self.pieceByteCount {
        try await sink.append(pieces)
        pieces = []
        waiting = 0
      }
    } while piece != nil
    guard total == file.byteCount else {
      throw HubError(.cut(received: total, promised: file.byteCount), place: file.path)
    }
  }
}

/// `Content-Range: bytes 100-199/200`.
private struct ContentRange {
  private let first: Int
  private let last: Int
  /// Nil where the hub does not say.
  private let total: Int?

  init?(_ text: String) {
    let parts = text.split(whereSeparator: { " -/".contains($0) })
    guard parts.count == 4, parts[0] == "bytes", let first = Int(parts[1]), let last = Int(parts[2])
    else { return nil }
    self.first = first
    self.last = last
    total = Int(parts[3])
    if total == nil, parts[3] != "*" { return nil }
  }

  /// Whether it begins at a byte of a file and does not pass its end; it may stop before.
  func isTail(from start: Int, of byteCount: Int) -> Bool {
    first == start && last >= first && last < byteCount && (total ?? byteCount) == byteCount
  }
}
