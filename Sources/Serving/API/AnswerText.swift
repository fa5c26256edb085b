// SPDX-License-Identifier: Apache-2.0

import Inference

/// One choice while it comes: what it thinks, what it says, and how it ended.
struct AnswerText {
  /// What a token, or the end, adds.
  struct Piece {
    var reasoning = ""
    var content = ""
    /// Log-probabilities of the tokens of both.
    var reasoningEntries: [Completion.LogProbabilities] = []
    var contentEntries: [Completion.LogProbabilities] = []
    /// The prompt's first token, which nothing stands before: where the entries are a prompt's.
    var unscored: Int32?

    var isEmpty: Bool {
      reasoning.isEmpty && content.isEmpty && reasoningEntries.isEmpty && contentEntries.isEmpty
    }
  }

  private var stream: ReasoningStream?
  private let echo: String
  private let firstID: Int32?
  /// How many tokens there are.
  private(set) var tokenCount = 0
  /// How many of them are reasoning.
  private(set) var reasoningCount = 0
  /// All that came.
  private(set) var whole = Piece()

  /// Begins a choice, behind a text that stands before it.
  init(_ prompt: PreparedPrompt, echo: String = "") {
    self.echo = echo
    firstID = prompt.ids.first
    whole.content = echo
    stream = prompt.isChat ? ReasoningStream(opensReasoning: prompt.opensReasoning) : nil
  }

  /// Whether anything of it was reasoning.
  var hasReasoning: Bool { reasoningCount > 0 }

  /// Takes what the prompt's tokens are worth, which stands before the answer.
  mutating func takeEcho(_ entries: [Completion.LogProbabilities]) -> Piece {
    whole.contentEntries = entries
    whole.unscored = firstID
    return Piece(content: echo, contentEntries: entries, unscored: firstID)
  }

  /// Takes a token.
  mutating func take(_ token: EngineEvent.Token) -> Piece {
    tokenCount += 1
    let wasReasoning = stream?.isReasoning ?? false
    var piece = piece(stream?.append(token.text) ?? [.answer(token.text)])
    let isReasoning = wasReasoning || (stream?.isReasoning ?? false)
    if isReasoning { reasoningCount += 1 }
    if let entry = token.logProbabilities {
      if isReasoning {
        piece.reasoningEntries = [entry]
      } else {
        piece.contentEntries = [entry]
      }
    }
    add(piece)
    return piece
  }

  /// Ends it: what was held back.
  mutating func finish() -> Piece {
    let piece = piece(stream?.finish() ?? [])
    add(piece)
    return piece
  }

  private func piece(_ parts: [ReasoningStream.Part]) -> Piece {
    var piece = Piece()
    for part in parts {
      switch part {
      case .reasoning(let text): piece.reasoning += text
      case .answer(let text): piece.content += text
      }
    }
    return piece
  }

  private mutating func add(_ piece: Piece) {
    whole.reasoning += piece.reasoning
    whole.content += piece.content
    whole.reasoningEntries += piece.reasoningEntries
    whole.contentEntries += piece.contentEntries
  }

  /// How an end is named.
  static func reason(_ finish: Completion.Finish) -> String {
    switch finish {
    case .stop, .loop: "stop"
    case .length: "length"
    case .cancelled: "insufficient_system_resource"
    }
  }
}
