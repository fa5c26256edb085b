// SPDX-License-Identifier: Apache-2.0

import Compute
import NIOCore

/// Takes the bytes of one file as they come: hashes and writes them, and says in the end whether
/// they are what the hub promised.
///
/// It runs on a thread of its own kind, since a disk may block and the threads of tasks must not.
actor FileSink {
  // LIMIT: what is read again at once after a stop.
  private static let chunkByteCount = 1 << 20

  private let path: String
  private let expected: HubFile
  private let loop: any EventLoop
  private let progress: PullProgress
  private var file: GrowingFile?
  private var hash: StreamingHash
  /// How many bytes are written and hashed.
  private(set) var byteCount = 0

  /// Creates a sink.
  ///
  /// - Parameters:
  ///   - path: Where the bytes gather; its folder is there.
  ///   - expected: What they shall be.
  ///   - loop: The thread that writes; nothing else may need it in time.
  ///   - progress: Counts the bytes that are there.
  init(
    path: String,
    expecting expected: HubFile,
    on loop: any EventLoop,
    progress: PullProgress
  ) {
    self.progress = progress
    self.path = path
    self.expected = expected
    self.loop = loop
    hash = StreamingHash(like: expected.digest, byteCount: expected.byteCount)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    // SAFETY: the loop lives as long as the actor, which holds it.
    unsafe loop.executor.asUnownedSerialExecutor()
  }

  /// Whether the file is there, whole and right; it is not written to.
  ///
  /// - Throws: `CancellationError`.
  func isRight() throws -> Bool {
    guard let file = try? GrowingFile(reading: path), file.byteCount == expected.byteCount else {
      return false
    }
    self.file = file
    defer { self.file = nil }
    do { try hashAll() } catch is HubError {
      // What cannot be read is not right, as its hash shows.
    }
    let isRight = hash.digest == expected.digest
    if !isRight { progress.forget(byteCount) }
    return isRight
  }

  /// Opens the file and hashes what an earlier pull left in it.
  ///
  /// - Returns: How many bytes that is.
  /// - Throws: `HubError` or `CancellationError`.
  func open() throws -> Int {
    try system { () throws(ComputeError) in
      let file = try GrowingFile(path: path)
      if file.byteCount > expected.byteCount { try file.truncate(to: 0) }
      self.file = file
    }
    try hashAll()
    return byteCount
  }

  /// Appends bytes.
  ///
  /// - Throws: `HubError` where the disk refuses.
  func append(_ pieces: [ByteBuffer]) throws(HubError) {
    try system { () throws(ComputeError) in
      for piece in pieces {
        try file?.write(piece.readableBytesSpan, at: byteCount)
        hash.update(piece)
        byteCount += piece.readableBytes
        progress.addFetched(piece.readableBytes)
      }
    }
  }

  /// Forgets all bytes.
  ///
  /// - Throws: `HubError` where the disk refuses.
  func reset() throws(HubError) {
    try system { () throws(ComputeError) in try file?.truncate(to: 0) }
    progress.forget(byteCount)
    byteCount = 0
    hash = StreamingHash(like: expected.digest, byteCount: expected.byteCount)
  }

  /// Checks the whole file.
  ///
  /// - Throws: `HubError` with `otherByteCount` or `otherDigest`, and then the bytes are forgotten.
  func verify() throws(HubError) {
    guard byteCount == expected.byteCount else {
      throw HubError(
        .otherByteCount(found: byteCount, promised: expected.byteCount),
        place: expected.path
      )
    }
    let found = hash.digest
    guard found == expected.digest else {
      try reset()
      throw HubError(
        .otherDigest(found: found.hexadecimal, promised: expected.digest.hexadecimal),
        place: expected.path
      )
    }
  }

  /// Removes the file.
  func discard() {
    file = nil
    try? DiskFolder.remove(path)
  }

  private func hashAll() throws {
    guard let file else { return }
    let end = file.byteCount
    var buffer = [UInt8](repeating: 0, count: end > 0 ? Self.chunkByteCount : 0)
    while byteCount < end {
      try Task.checkCancellation()
      let offset = byteCount
      let count = try system { () throws(ComputeError) in
        try file.read(into: &buffer, at: offset)
      }
      guard count > 0 else { break }
      hash.update(buffer[..<count])
      byteCount += count
      progress.addPresent(count)
    }
  }

  private func system<Value>(
    _ body: () throws(ComputeError) -> Value
  ) throws(HubError) -> Value {
    do { return try body() } catch { throw HubError(.system(error), place: error.place) }
  }
}
