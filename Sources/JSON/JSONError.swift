// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What makes a text no JSON document, and where.
public struct JSONError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The text is empty or ends inside a value.
    case endsEarly
    /// A byte stands where the grammar has none like it.
    case unexpectedByte(UInt8)
    /// Bytes follow the document's value.
    case trailingBytes
    /// Bytes of a string are not UTF-8.
    case notUTF8
    /// An escape in a string is unknown or incomplete.
    case badEscape
    /// A number is not written as JSON writes numbers.
    case badNumber
    /// Containers are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// The text is longer than the limit, in bytes.
    case tooLong(limit: Int)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The 0-based byte at which it was seen.
  public var offset: Int
  /// The 1-based line of that byte.
  public var line: Int
  /// The file that was read, as its reader names it.
  public var file: String?

  /// Creates an error; the reader of a file adds `file` as the error rises.
  public init(reason: Reason, offset: Int, line: Int, file: String? = nil) {
    self.reason = reason
    self.offset = offset
    self.line = line
    self.file = file
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .endsEarly: "JSON ends inside a value"
    case .unexpectedByte(let byte): "JSON has an unexpected \(Self.name(of: byte))"
    case .trailingBytes: "bytes follow the JSON value"
    case .notUTF8: "a JSON string is not valid UTF-8"
    case .badEscape: "a JSON string has an unknown escape"
    case .badNumber: "JSON has a malformed number"
    case .tooDeep(let limit): "JSON is nested deeper than \(limit) levels"
    case .tooLong(let limit): "JSON is longer than \(limit) bytes"
    }
  }

  /// Where it is wrong.
  public var place: String? {
    let position = "line \(line), byte \(offset)"
    return file.map { "\($0), \(position)" } ?? position
  }

  /// What to do about it.
  public var remedy: String? { file == nil ? nil : "fetch the file again" }

  /// How a command ends.
  public var exitCode: ExitCode { .badData }

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7E: "'\(Character(Unicode.Scalar(byte)))'"
    case 0x20: "space"
    default: "byte 0x\(String(byte, radix: 16))"
    }
  }
}
