// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads a file, a pipe or standard input in pieces.
struct ByteReader: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var piece: [UInt8]

  // LIMIT: large enough that calls cost nothing, small enough for the cache.
  private static let pieceByteCount = 1 << 18

  /// Opens a file.
  ///
  /// - Throws: `IdentityError` where it cannot be opened.
  init(path: String) throws(IdentityError) {
    self.path = path
    piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
    descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw IdentityError(.cannotOpen(errno: errno), file: path) }
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Appends the next piece.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: `IdentityError` where the file cannot be read.
  mutating func append(to bytes: inout [UInt8]) throws(IdentityError) -> Bool {
    while true {
      let count = unsafe read(descriptor, &piece, piece.count)
      if count > 0 {
        bytes += piece[..<count]
        return true
      }
      if count == 0 { return false }
      // A signal asks to stop; the caller sees it between two pieces.
      if errno == EINTR { return true }
      throw IdentityError(.cannotRead(errno: errno), file: path)
    }
  }
}
