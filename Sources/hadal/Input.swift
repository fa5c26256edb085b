// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import JSON

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard input and input files.
enum Input {
  /// What is wrong with an input.
  struct Failure: DiagnosableError {
    var what: String
    var place: String?
    var remedy: String?
    var exitCode = ExitCode.badData
  }

  // LIMIT: no prompt, batch or message file of a person comes near; it bounds what a pipe can fill.
  private static let byteLimit = 1 << 30

  /// Whether standard input is a terminal.
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// All of standard input.
  static func standardInput() throws -> [UInt8] {
    try bytes(from: STDIN_FILENO, named: "standard input")
  }

  /// The bytes of a file or a pipe, or of standard input for `-`.
  static func bytes(of path: String) throws -> [UInt8] {
    guard path != "-" else { return try standardInput() }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ComputeError(.cannotOpen(errno: errno), place: path) }
    defer { close(descriptor) }
    return try bytes(from: descriptor, named: path)
  }

  /// A line that a person types, without its end; nil at the end of input.
  ///
  /// Unlike `readLine`, which goes on waiting, it ends with a signal.
  static func line() throws -> String? {
    var line = try bytes(from: STDIN_FILENO, named: "the terminal") { $0.last == 0x0A }
    if line.isEmpty { return nil }
    if line.last == 0x0A { line.removeLast() }
    return try text(line, source: "the terminal")
  }

  private static func bytes(
    from descriptor: Int32,
    named name: String,
    until isWhole: ([UInt8]) -> Bool = { _ in false }
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while !isWhole(bytes) {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count < 0 {
        try Interruption.check()
        if errno == EINTR { continue }
        throw Failure(
          what: "\(name) cannot be read: \(unsafe String(cString: strerror(errno)))",
          exitCode: errno == EISDIR ? .noInput : .inputOutput
        )
      }
      bytes += chunk[..<count]
      guard bytes.count <= byteLimit else {
        throw Failure(what: "\(name) is longer than \(byteLimit) bytes")
      }
    }
    return bytes
  }

  /// The text of bytes.
  ///
  /// - Throws: `Failure` naming the first byte that is not UTF-8, unless `lossy`.
  static func text(_ bytes: [UInt8], source: String, lossy: Bool = false) throws -> String {
    if !lossy, let offset = UTF8Check.firstFault(in: bytes.span) {
      throw Failure(
        what: "text is not valid UTF-8",
        place: "\(source), byte \(offset)",
        remedy: "--lossy replaces what is not, where a command has it"
      )
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The lines of a batch, without empty ones, each with its 1-based number.
  static func batchLines(of path: String) throws -> [(number: Int, bytes: [UInt8])] {
    let bytes = try bytes(of: path)
    return bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .enumerated()
      .map { (number: $0.offset + 1, bytes: Array($0.element)) }
      .filter { line in line.bytes.contains { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 } }
  }
}
