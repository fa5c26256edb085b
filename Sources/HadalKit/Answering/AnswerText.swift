// SPDX-License-Identifier: Apache-2.0

package import Constraints
package import Inference

/// One choice while it comes: what it thinks, what it says, and how it ended.
package struct AnswerText {
  /// What a token, or the end, adds.
  package struct Piece {
    /// More of what it thinks.
    package var reasoning = ""
    /// More of what it says.
    package var content = ""
    /// Calls that begin and their arguments.
    package var calls: [ToolCallStream.Part] = []
    /// Content and calls in the order in which they stand.
    package var answer: [ToolCallStream.Part] = []
    /// Log-probabilities of the tokens of both.
    package var reasoningEntries: [Completion.LogProbabilities] = []
    package var contentEntries: [Completion.LogProbabilities] = []
    /// The prompt's first token, which nothing stands before: where the entries are a prompt's.
    package var unscored: Int32?

    /// Creates a piece with content alone.
    package init(content: String = "") { self.content = content }

    /// Whether it says nothing.
    package var isEmpty: Bool {
      reasoning.isEmpty && content.isEmpty && calls.isEmpty && reasoningEntries.isEmpty
        && contentEntries.isEmpty
    }
  }

  private var stream: ReasoningStream?
  private var calls: ToolCallStream?
  private let echo: String
  private let firstID: Int32?
  /// The stop text that ended it; nil where something else did.
  package private(set) var stop: String?
  /// How many tokens there are.
  package private(set) var tokenCount = 0
  /// How many of them are reasoning.
  package private(set) var reasoningCount = 0
  /// All that came.
  package private(set) var whole = Piece()

  /// Begins a choice.
  ///
  /// - Parameters:
  ///   - prompt: Its prompt.
  ///   - echo: The text that stands before it.
  ///   - calls: What finds calls in it; nil where there are no tools.
  package init(_ prompt: PreparedPrompt, echo: String = "", calls: ToolCallStream?) {
    (self.echo, self.calls) = (echo, calls)
    firstID = prompt.ids.first
    whole.content = echo
    stream = prompt.isChat ? ReasoningStream(opensReasoning: prompt.opensReasoning) : nil
  }

  /// Whether anything of it was reasoning.
  package var hasReasoning: Bool { reasoningCount > 0 }

  /// Takes what the prompt's tokens are worth, which stands before the answer.
  package mutating func takeEcho(_ entries: [Completion.LogProbabilities]) -> Piece {
    whole.contentEntries = entries
    whole.unscored = firstID
    var piece = Piece(content: echo)
    (piece.contentEntries, piece.unscored) = (entries, firstID)
    return piece
  }

  /// Takes a token.
  package mutating func take(_ token: EngineEvent.Token) -> Piece {
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
  package mutating func finish(_ finish: Completion.Finish, stop: String? = nil) -> Piece {
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

  /// Whether it calls functions, and the last call is whole; known behind the end.
  package var endsWithCalls: Bool { calls?.hasCalls == true && calls?.isTruncated == false }
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
