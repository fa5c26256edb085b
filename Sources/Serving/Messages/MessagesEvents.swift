// SPDX-License-Identifier: Apache-2.0

import Constraints
import HadalKit
import JSON

/// Writes an answer as the events of Anthropic's Messages API.
///
/// | Event | |
/// |---|---|
/// | `message_start` | once the prompt is worked on, or the first wait has passed |
/// | `content_block_start`, `content_block_delta` …, `content_block_stop` | for each block, one after the other |
/// | `ping` | behind the first block's start, and while nothing else comes |
/// | `message_delta`, `message_stop` | why it ended, and the usage |
/// | `error` | instead of the rest, where the answer cannot go on |
struct MessagesEvents {
  private enum Kind {
    case thinking
    case text
    case call
  }

  private let wire: AnswerWire
  private var hasBegun = false
  /// The block that is open.
  private var open: Kind?
  /// How many blocks have begun.
  private var count = 0

  init(_ wire: AnswerWire) { self.wire = wire }

  /// Begins the message, unless it has begun.
  mutating func begin(_ usage: AnswerUsage, to bytes: inout [UInt8]) {
    guard !hasBegun else { return }
    hasBegun = true
    write("message_start", [("message", wire.emptyMessage(usage))], to: &bytes)
  }

  /// Keeps the connection.
  mutating func keepAlive(_ usage: AnswerUsage, to bytes: inout [UInt8]) {
    begin(usage, to: &bytes)
    write("ping", [], to: &bytes)
  }

  /// Writes what a token added.
  mutating func take(_ piece: AnswerText.Piece, _ usage: AnswerUsage, to bytes: inout [UInt8]) {
    begin(usage, to: &bytes)
    if !piece.reasoning.isEmpty {
      if open != .thinking { begin(.thinking, .thinking(""), to: &bytes) }
      delta("thinking_delta", "thinking", piece.reasoning, to: &bytes)
    }
    for part in piece.answer {
      switch part {
      case .content(let text):
        if open != .text { begin(.text, .text(""), to: &bytes) }
        delta("text_delta", "text", text, to: &bytes)
      case .began(let index, let name):
        begin(.call, .call(index: index, name: name, arguments: ""), to: &bytes)
      case .arguments(_, let text):
        delta("input_json_delta", "partial_json", text, to: &bytes)
      }
    }
  }

  /// Ends the message.
  mutating func end(
    _ text: AnswerText,
    finish: String,
    _ usage: AnswerUsage,
    to bytes: inout [UInt8]
  ) {
    begin(usage, to: &bytes)
    close(to: &bytes)
    write(
      "message_delta",
      [
        ("delta", .object(AnswerWire.stop(text, finish: finish))), ("usage", usage.messagesJSON),
      ],
      to: &bytes
    )
    write("message_stop", [], to: &bytes)
  }

  /// Says why there will be no more.
  func fail(_ error: APIError, to bytes: inout [UInt8]) {
    Self.write("error", error.messagesJSON, to: &bytes)
  }

  // MARK: Blocks

  private mutating func begin(
    _ kind: Kind,
    _ block: AnswerWire.MessageBlock,
    to bytes: inout [UInt8]
  ) {
    close(to: &bytes)
    open = kind
    count += 1
    let members = [("index", JSONText.integer(count - 1)), ("content_block", wire.json(block))]
    write("content_block_start", members, to: &bytes)
    if count == 1 { write("ping", [], to: &bytes) }
  }

  private mutating func close(to bytes: inout [UInt8]) {
    guard let kind = open else { return }
    if kind == .thinking { delta("signature_delta", "signature", wire.id, to: &bytes) }
    open = nil
    write("content_block_stop", [("index", .integer(count - 1))], to: &bytes)
  }

  private func delta(
    _ type: String,
    _ field: String,
    _ text: String,
    to bytes: inout [UInt8]
  ) {
    let delta = JSONText.object([("type", .string(type)), (field, .string(text))])
    write(
      "content_block_delta",
      [("index", .integer(count - 1)), ("delta", delta)],
      to: &bytes
    )
  }

  private func write(_ event: String, _ members: [(String, JSONText)], to bytes: inout [UInt8]) {
    Self.write(event, .object([("type", .string(event))] + members), to: &bytes)
  }

  private static func write(_ event: String, _ json: JSONText, to bytes: inout [UInt8]) {
    bytes += "event: \(event)\ndata: ".utf8
    json.write(to: &bytes)
    bytes += "\n\n".utf8
  }
}
