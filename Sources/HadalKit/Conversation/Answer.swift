// SPDX-License-Identifier: Apache-2.0

import Inference

/// What the model answered, whole.
public struct Answer: Sendable, Hashable {
  /// Why an answer ended.
  public enum Finish: String, Sendable, Hashable {
    /// The model was done, or a stop text came.
    case stop
    /// The most tokens, or the context, were reached.
    case length
    /// It only repeated its last words.
    case loop
  }

  /// What it says.
  public internal(set) var text = ""
  /// What the model thought; empty where it did not.
  public internal(set) var reasoning = ""
  /// The tools that were called, with their results, in order.
  public internal(set) var calls: [ToolCall] = []
  /// Why it ended.
  public internal(set) var finish = Finish.stop
  /// What it took.
  public internal(set) var usage = Usage()
  /// The number that, with the same messages and options, gives the same answer again.
  public internal(set) var seed: UInt64 = 0
  /// Its tokens, reasoning included, where ``AnswerOptions/topLogProbabilities`` asks for them.
  public internal(set) var tokens: [TokenProbability] = []
}

/// What an answer took, in tokens; where tools were called, of all its rounds together.
public struct Usage: Sendable, Hashable {
  /// Tokens of the prompts.
  public internal(set) var promptCount = 0
  /// How many of them were not computed, since earlier prompts began alike.
  public internal(set) var cachedCount = 0
  /// Tokens of the answer, reasoning and ends included.
  public internal(set) var answerCount = 0
  /// How many of those are reasoning.
  public internal(set) var reasoningCount = 0
  /// How often the model was asked: once, and once more each time that tools were called.
  public internal(set) var roundCount = 0
}

/// A token of an answer and how likely it was.
public struct TokenProbability: Sendable, Hashable {
  /// A token that might have stood there.
  public struct Candidate: Sendable, Hashable {
    /// Its number in the model's vocabulary.
    public let id: Int32
    /// Its bytes, which may be part of a character.
    public let bytes: [UInt8]
    /// The natural logarithm of its probability, before temperature and filters.
    public let logProbability: Float

    /// Its text; U+FFFD stands for what is part of a character.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// The token.
  public let chosen: Candidate
  /// The likeliest ones at its place, likeliest first.
  public let top: [Candidate]
}

/// A piece of an answer, as it comes.
///
/// Its parts, joined, are those of the ``Answer``, which the last piece holds.
public struct Piece: Sendable, Hashable {
  /// More of what the answer says; may be empty.
  public internal(set) var text = ""
  /// More of what the model thinks; may be empty.
  public internal(set) var reasoning = ""
  /// A call: first as the model made it, and once more with the tool's result.
  public internal(set) var call: ToolCall?
  /// The token, where ``AnswerOptions/topLogProbabilities`` asks for it.
  public internal(set) var token: TokenProbability?
  /// The whole answer, in the last piece.
  public internal(set) var answer: Answer?
}
