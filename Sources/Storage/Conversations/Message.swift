// SPDX-License-Identifier: Apache-2.0

/// Which message is meant, among all of one database.
public struct MessageID: Sendable, Hashable, Comparable {
  /// The message's number; later messages have greater ones.
  public let number: Int

  /// Takes a number that a message has.
  public init(_ number: Int) { self.number = number }

  /// Whether the left message was made before the right one.
  public static func < (left: MessageID, right: MessageID) -> Bool { left.number < right.number }
}

/// Who says a message.
public enum Role: String, Sendable, Hashable, CaseIterable {
  /// Who sets the frame.
  case system
  /// Who asks.
  case user
  /// The model.
  case assistant
  /// A tool that the model called.
  case tool
}

/// Why an answer ended.
public struct FinishReason: RawRepresentable, Sendable, Hashable {
  /// The word that is stored.
  public let rawValue: String

  /// Takes a word, known or not.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The model ended it, or a stop text did.
  public static let stop = FinishReason(rawValue: "stop")
  /// It reached its greatest length.
  public static let length = FinishReason(rawValue: "length")
  /// The user stopped it, or the process that wrote it ended.
  public static let interrupted = FinishReason(rawValue: "interrupted")
  /// It was caught in a loop.
  public static let loop = FinishReason(rawValue: "loop")
}

/// What an answer took; nil where nobody counted.
public struct AnswerFigures: Sendable, Hashable {
  /// Tokens of the prompt.
  public var promptTokens: Int?
  /// Tokens that were generated, the reasoning's too.
  public var completionTokens: Int?
  /// Tokens of the reasoning.
  public var reasoningTokens: Int?
  /// Seconds that the reasoning took.
  public var reasoningSeconds: Double?
  /// Seconds from the request to the first token.
  public var prefillSeconds: Double?
  /// Seconds from the first token to the last.
  public var decodeSeconds: Double?

  /// Creates figures.
  public init(
    promptTokens: Int? = nil,
    completionTokens: Int? = nil,
    reasoningTokens: Int? = nil,
    reasoningSeconds: Double? = nil,
    prefillSeconds: Double? = nil,
    decodeSeconds: Double? = nil
  ) {
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.reasoningTokens = reasoningTokens
    self.reasoningSeconds = reasoningSeconds
    self.prefillSeconds = prefillSeconds
    self.decodeSeconds = decodeSeconds
  }
}

/// One message of a conversation.
public struct Message: Sendable, Hashable, Identifiable {
  /// Which message it is.
  public var id: MessageID
  /// The message that it follows; nil for a first one.
  public var parent: MessageID?
  /// Its 0-based place in every path that it is part of.
  public var ordinal: Int
  /// Who says it.
  public var role: Role
  /// What is said; of an answer, what comes after the reasoning.
  public var content: String
  /// The reasoning content, which stays out of later prompts; nil where there was none.
  public var reasoning: String?
  /// Why the answer ended; nil for what is no answer, and while it is being written.
  public var finish: FinishReason?
  /// Whether a process is writing the answer, or ended without a word and nobody has looked since.
  public var isBeingWritten: Bool
  /// The name of the model that answered.
  public var model: String?
  /// The seed that replays the answer.
  public var seed: UInt64?
  /// What the answer took.
  public var figures: AnswerFigures
  /// When it was made.
  public var created: Timestamp
}
