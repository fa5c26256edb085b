// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Inference
import JSON

/// What all parts of one answer have in common, and the objects that are sent.
struct AnswerWire {
  /// Whose clients read it.
  let kind: AnswerReceipt.Form
  /// The answer's name, the same in every chunk.
  let id: String
  /// Seconds since 1970.
  let created: Int
  /// As the client named it.
  let model: String
  let fingerprint: String
  let tokens: TokenText
  let reportsLogProbabilities: Bool

  // MARK: Whole answers

  /// The whole answer.
  func answer(_ choices: [(text: AnswerText, finish: String)], _ usage: AnswerUsage) -> JSONText {
    if kind == .messages, let choice = choices.first {
      return message(choice.text, finish: choice.finish, usage)
    }
    let values = choices.enumerated().map { index, choice in
      JSONText.object(
        [("index", .integer(index)), content(choice.text, index)]
          + [
            ("logprobs", logProbabilities(choice.text.whole)),
            ("finish_reason", .string(choice.finish)),
          ]
      )
    }
    return .object(
      head(isChunk: false) + [
        ("choices", .array(values)), ("usage", usage.json),
        ("system_fingerprint", .string(fingerprint)),
      ]
    )
  }

  private func content(_ text: AnswerText, _ choice: Int) -> (String, JSONText) {
    guard kind == .chat else { return ("text", .string(text.whole.content)) }
    var message: [(String, JSONText)] = [
      ("role", .string("assistant")), ("content", .string(text.whole.content)),
    ]
    if text.hasReasoning { message.append(("reasoning_content", .string(text.whole.reasoning))) }
    let calls = callObjects(text.whole.calls, choice)
    if !calls.isEmpty { message.append(("tool_calls", .array(calls))) }
    return ("message", .object(message))
  }

  // MARK: Chunks

  /// The first chunk of a choice, which says who speaks; nil for texts.
  func opening(_ choice: Int, thinks: Bool) -> JSONText? {
    guard kind == .chat else { return nil }
    var delta: [(String, JSONText)] = [
      ("role", .string("assistant")), ("content", thinks ? .null : .string("")),
    ]
    if thinks { delta.append(("reasoning_content", .string(""))) }
    return chunk(choice, .object(delta), logProbabilities: .null, finish: nil)
  }

  /// The chunks of a piece: reasoning before content, never both in one.
  func chunks(_ choice: Int, _ piece: AnswerText.Piece, thinks: Bool) -> [JSONText] {
    guard kind == .chat else {
      guard !piece.isEmpty else { return [] }
      return [
        chunk(
          choice,
          .string(piece.content),
          logProbabilities: logProbabilities(piece),
          finish: nil
        )
      ]
    }
    var chunks: [JSONText] = []
    if !piece.reasoning.isEmpty || !piece.reasoningEntries.isEmpty {
      var part = piece
      (part.content, part.contentEntries) = ("", [])
      chunks.append(
        chunk(
          choice,
          .object([("content", .null), ("reasoning_content", .string(piece.reasoning))]),
          logProbabilities: logProbabilities(part),
          finish: nil
        )
      )
    }
    if !piece.content.isEmpty || !piece.contentEntries.isEmpty {
      var part = piece
      (part.reasoning, part.reasoningEntries) = ("", [])
      let members = [("content", JSONText.string(piece.content))]
      chunks.append(
        chunk(
          choice,
          .object(members + (thinks ? [("reasoning_content", .null)] : [])),
          logProbabilities: logProbabilities(part),
          finish: nil
        )
      )
    }
    return chunks + callChunks(choice, piece.calls, thinks: thinks)
  }

  /// The chunk that ends a choice.
  func closing(_ choice: Int, finish: String, thinks: Bool, usage: JSONText?) -> JSONText {
    let members: [(String, JSONText)] =
      [("content", .string(""))] + (thinks ? [("reasoning_content", .null)] : [])
    let delta: JSONText = kind == .chat ? .object(members) : .string("")
    return chunk(choice, delta, logProbabilities: .null, finish: finish, usage: usage)
  }

  /// The chunk of the usage alone.
  func usageChunk(_ usage: AnswerUsage) -> JSONText {
    .object(
      head(isChunk: true) + [
        ("choices", .array([])), ("usage", usage.json),
        ("system_fingerprint", .string(fingerprint)),
      ]
    )
  }

  func chunk(
    _ choice: Int,
    _ delta: JSONText,
    logProbabilities: JSONText,
    finish: String?,
    usage: JSONText? = nil
  ) -> JSONText {
    let members: [(String, JSONText)] = [
      ("index", .integer(choice)), (kind == .chat ? "delta" : "text", delta),
      ("logprobs", logProbabilities), ("finish_reason", finish.map(JSONText.string) ?? .null),
    ]
    return .object(
      head(isChunk: true) + [
        ("choices", .array([.object(members)])), ("system_fingerprint", .string(fingerprint)),
      ] + (usage.map { [("usage", $0)] } ?? [])
    )
  }

  private func head(isChunk: Bool) -> [(String, JSONText)] {
    let object =
      switch kind {
      case .chat, .messages: isChunk ? "chat.completion.chunk" : "chat.completion"
      case .text: "text_completion"
      }
    return [
      ("id", .string(id)), ("object", .string(object)), ("created", .integer(created)),
      ("model", .string(model)),
    ]
  }

  // MARK: Log-probabilities

  private func logProbabilities(_ piece: AnswerText.Piece) -> JSONText {
    guard reportsLogProbabilities else { return .null }
    guard kind == .chat else {
      return LegacyLogProbabilities(unscored: piece.unscored, piece.contentEntries, tokens).json
    }
    func list(_ entries: [Inference.Completion.LogProbabilities]) -> JSONText {
      .array(entries.map(tokens.json))
    }
    return .object([
      ("content", list(piece.contentEntries)),
      (
        "reasoning_content",
        piece.reasoningEntries.isEmpty ? .null : list(piece.reasoningEntries)
      ),
    ])
  }
}

extension AnswerReceipt.Form {
  /// The field that holds what is answered.
  var promptField: String { self == .text ? "prompt" : "messages" }
}
