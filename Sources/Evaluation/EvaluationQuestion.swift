// SPDX-License-Identifier: Apache-2.0

/// One question of a task: what is asked, and what a right answer is.
public struct EvaluationQuestion: Sendable, Hashable {
  /// One message of a conversation.
  public struct Message: Sendable, Hashable {
    /// Who speaks: `system`, `user` or `assistant`.
    public var role: String
    /// What it says.
    public var content: String

    /// Creates a message.
    public init(role: String, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// What is asked.
  public enum Prompt: Sendable, Hashable {
    /// A text, which a model with a chat template takes as one message of a user.
    case text(String)
    /// A conversation that ends with a user's message.
    case messages([Message])
  }

  /// What a right answer is.
  public enum Expectation: Sendable, Hashable {
    /// Its last number is this one.
    case number(DecimalNumber)
    /// It claims nobody else's identity.
    case identity
    /// It holds one of these texts, in whatever case.
    case contains([String])
    /// It is one of these texts, white space at its ends apart.
    case exact([String])
  }

  /// The question's name, where it has one.
  public var id: String?
  /// What is asked.
  public var prompt: Prompt
  /// What a right answer is.
  public var expectation: Expectation
  /// The code of the question's language, where it is given.
  public var language: String?
  /// The kind of question, where it is given.
  public var kind: String?

  /// Creates a question.
  public init(
    id: String? = nil,
    prompt: Prompt,
    expectation: Expectation,
    language: String? = nil,
    kind: String? = nil
  ) {
    self.id = id
    self.prompt = prompt
    self.expectation = expectation
    self.language = language
    self.kind = kind
  }

  /// The conversation that an answer belongs to.
  public var messages: [Message] {
    switch prompt {
    case .text(let text): [Message(role: "user", content: text)]
    case .messages(let messages): messages
    }
  }
}
