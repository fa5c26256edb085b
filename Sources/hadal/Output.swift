// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard output and standard error.
enum Output {
  /// Standard output was closed or failed.
  struct Failure: DiagnosableError {
    let code: Int32
    var what: String { "standard output cannot be written, system error \(code)" }
    var place: String? { nil }
    var remedy: String? { code == EPIPE ? "keep the reader of the pipe running" : nil }
    var exitCode: ExitCode { .inputOutput }
  }

  /// Whether standard output is a terminal.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether standard error is a terminal.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether standard error is a terminal whose user did not refuse color (no-color.org).
  static var hasColor: Bool {
    let refusal = unsafe getenv("NO_COLOR")
    return unsafe errorIsTerminal && (refusal == nil || refusal?.pointee == 0)
  }

  /// How wide the terminal at standard error is; 80 where it does not say.
  static var errorColumns: Int {
    var size = winsize()
    let request = UInt(TIOCGWINSZ)
    guard unsafe ioctl(STDERR_FILENO, request, &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes text to standard output at once.
  static func text(_ text: String) throws { try write(text.utf8.span, to: STDOUT_FILENO) }

  /// Writes a line to standard output.
  static func line(_ line: String) throws { try text(line + "\n") }

  /// Writes one JSON object as a line.
  static func json(_ value: JSONText) throws {
    var bytes: [UInt8] = []
    value.write(to: &bytes)
    bytes.append(0x0A)
    try write(bytes.span, to: STDOUT_FILENO)
  }

  /// Writes a line to standard error; a failure there has nobody to hear of it.
  static func errorLine(_ line: String) { error(line + "\n") }

  /// Writes text to standard error at once.
  static func error(_ text: String) { try? write(text.utf8.span, to: STDERR_FILENO) }

  private static func write(_ bytes: Span<UInt8>, to descriptor: Int32) throws {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.extracting(written...).withUnsafeBytes { rest in
        unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(code: errno)
      }
      written += count
    }
  }
}
