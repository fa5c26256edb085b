// SPDX-License-Identifier: Apache-2.0

import Constraints
import Inference

/// One choice while it comes: what it thinks, what it says, and how it ended.
struct AnswerText {
  /// What a token, or the end, adds.
  struct Piece {
    var reasoning = ""
    var content = ""
    /// Calls that begin and their arguments.
    var calls: [ToolCallStream.Part] = []
    /// Content and calls in the order in which they stand.
    var answer: [ToolCallStream.Part] = []
    /// Log-probabilities of the tokens of both.
    var reasoningEntries: [Completion.LogProbabilities] = []
    var contentEntries: [Completion.LogProbabilities] = []
    /// The prompt's first token, which nothing stands before: where the entries are a prompt's.
    var unscored: Int32?

    var isEmpty: Bool {
      reasoning.isEmpty && content.isEmpty && calls.isEmpty && reasoningEntries.isEmpty
        && contentEntries.isEmpty
    }
  }

  private var stream: ReasoningStream?
  private var calls: ToolCallStream?
  private let echo: String
  private let firstID: Int32?
  /// The stop text that ended it; nil where something else did.
  private(set) var stop: String?
  /// How many tokens there are.
  private(set) var tokenCount = 0
  /// How many of them are reasoning.
  private(set) var reasoningCount = 0
  /// All that came.
  private(set) var whole = Piece()

  /// Begins a choice, behind the text that stands before it.
  init(_ order: AnswerRun.Order) {
    let prompt = order.prompt
    (echo, calls) = (order.echo, order.calls)
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
  mutating func finish(_ finish: Completion.Finish, stop: String? = nil) -> Piece {
    self.stop = stop
    var piece = piece(stream?.finish() ?? [])
    piece.take(calls?.finish(isCut: finish == .length) ?? [])
    add(piece)
    return piece
  }

  private mutating func piece(_ parts: [ReasoningStream.Part]) -> Piece {
    var piece = Piece()
    for part in parts {
      switch part {
      case .reasoning(let text): piece.reasoning += text
      case .answer(let text):
        piece.take(calls?.append(text) ?? [.content(text)])
      }
    }
    return piece
  }

  private mutating func add(_ piece: Piece) {
    whole.reasoning += piece.reasoning
    whole.content += piece.content
    whole.calls += piece.calls
    whole.answer += piece.answer
    whole.reasoningEntries += piece.reasoningEntries
    whole.contentEntries += piece.contentEntries
  }

  /// How an end is named: where the answer calls functions, whole, that is its end.
  func reason(_ finish: Completion.Finish) -> String {
    switch finish {
    case .stop where calls?.hasCalls == true && calls?.isTruncated == false: "tool_calls"
    case .stop, .loop: "stop"
    case .length: "length"
    case .cancelled: "insufficient_system_resource"
    }
  }
}

extension AnswerText.Piece {
  /// Takes what was found in the answer.
  fileprivate mutating func take(_ parts: [ToolCallStream.Part]) {
    answer += parts
    for part in parts {
      if case .content(let text) = part { content += text } else { calls.append(part) }
    }
  }
}
