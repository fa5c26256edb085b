// SPDX-License-Identifier: Apache-2.0

/// What a server on loopback was asked.
public struct LoopbackRequest: Sendable, Hashable {
  /// Which of the hub's two servers was asked.
  public enum Port: Sendable, Hashable {
    /// The hub itself: descriptions, small files, redirects.
    case hub
    /// Where large files lie.
    case storage
  }

  /// The server.
  public var port: Port
  /// Path and query as they came.
  public var target: String
  /// The header fields, their names in lower case.
  public var headers: [String: String]
  /// How often this target was asked for before.
  public var repetition: Int

  /// The path without its query.
  public var path: String { String(target.prefix { $0 != "?" }) }

  /// The first byte that `Range` asks for, nil where it asks for all.
  public var firstByte: Int? {
    headers["range"].flatMap { $0.hasPrefix("bytes=") ? Int($0.dropFirst(6).dropLast()) : nil }
  }
}

/// What a server on loopback answers, rightly or wrongly.
public struct LoopbackAnswer: Sendable {
  /// The bytes of an answer.
  public enum Body: Sendable {
    /// These bytes.
    case bytes([UInt8])
    /// A part of a file on disk.
    case file(String, Range<Int>)
    /// The same bytes again and again.
    case endless([UInt8])
  }

  /// The status.
  public var status: Int
  /// The header fields.
  public var headers: [(String, String)]
  /// The bytes.
  public var body: Body
  /// After how many bytes the connection is cut; nil for never.
  public var cut: Int?
  /// After how many bytes nothing more comes, without an end; nil for never.
  public var stall: Int?
  /// How fast it comes; nil for as fast as it can.
  public var bytesPerSecond: Int?
  /// Bytes that come instead of any HTTP.
  public var raw: [UInt8]?

  /// Creates an answer.
  public init(_ status: Int = 200, headers: [(String, String)] = [], body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer of JSON.
  public static func json(_ text: String) -> LoopbackAnswer {
    LoopbackAnswer(headers: [("content-type", "application/json")], body: .bytes(Array(text.utf8)))
  }

  /// A page for a browser.
  public static let webPage = LoopbackAnswer(
    headers: [("content-type", "text/html; charset=utf-8")],
    body: .bytes(Array("<!DOCTYPE html><title>Welcome to the hotel</title>".utf8))
  )

  /// The same with a field more.
  public func adding(_ name: String, _ value: String) -> LoopbackAnswer {
    var copy = self
    copy.headers.append((name, value))
    return copy
  }

  /// The same, cut after so many bytes.
  public func cut(after byteCount: Int) -> LoopbackAnswer {
    var copy = self
    copy.cut = byteCount
    return copy
  }

  /// How many bytes the body has, nil where it has no end.
  public var byteCount: Int? {
    switch body {
    case .bytes(let bytes): bytes.count
    case .file(_, let range): range.count
    case .endless: nil
    }
  }
}
