// SPDX-License-Identifier: Apache-2.0

import Constraints

/// What a stream makes of an answer, its parts joined.
struct ToolCallAnswer: Hashable, CustomStringConvertible {
  struct Call: Hashable {
    var name: String
    var arguments: String
  }

  static let names: Set<String> = ["get_weather", "add", "now", "search-web"]

  var content = ""
  var calls: [Call] = []
  var isTruncated = false
  /// Whether the parts came in an order that clients can follow.
  var isOrdered = true

  /// Reads an answer that comes in pieces.
  init(
    _ pieces: some Sequence<String>,
    _ format: ToolCallFormat,
    acceptsPlain: Bool = false,
    isCut: Bool = false
  ) {
    var stream = ToolCallStream(format, names: Self.names, acceptsPlain: acceptsPlain)
    for piece in pieces { add(stream.append(piece)) }
    add(stream.finish(isCut: isCut))
    isTruncated = stream.isTruncated
    isOrdered = isOrdered && stream.callCount == calls.count && stream.hasCalls == !calls.isEmpty
  }

  /// Reads a whole answer.
  init(
    _ text: String,
    _ format: ToolCallFormat,
    acceptsPlain: Bool = false,
    isCut: Bool = false
  ) {
    self.init([text], format, acceptsPlain: acceptsPlain, isCut: isCut)
  }

  /// What a stream should make of an answer.
  init(content: String = "", calls: [Call] = [], isTruncated: Bool = false) {
    self.content = content
    self.calls = calls
    self.isTruncated = isTruncated
  }

  private mutating func add(_ parts: [ToolCallStream.Part]) {
    for part in parts {
      switch part {
      case .content(let text): content += text
      case .began(let index, let name):
        isOrdered = isOrdered && index == calls.count
        calls.append(Call(name: name, arguments: ""))
      case .arguments(let index, let text):
        isOrdered = isOrdered && index == calls.count - 1 && !text.isEmpty
        calls[calls.count - 1].arguments += text
      }
    }
  }

  var description: String {
    "\(content.debugDescription) \(calls)\(isTruncated ? " truncated" : "")"
      + (isOrdered ? "" : " disordered")
  }

  /// A text scalar by scalar.
  static func scalars(_ text: String) -> [String] { text.unicodeScalars.map { String($0) } }

  /// A text in two pieces, cut behind each scalar in turn.
  static func cuts(_ text: String) -> [[String]] {
    text.unicodeScalars.indices.map { [String(text[..<$0]), String(text[$0...])] }
  }
}
