// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Messages that go to and fro between the program and a model.
///
/// ```swift
/// let conversation = Conversation(model, system: "You answer in one sentence.")
/// for try await piece in conversation.send("What is 12 + 30?") {
///   print(piece.text, terminator: "")
/// }
/// ```
///
/// An answer and what it answers become part of it once the answer is whole; one that was cancelled or
/// failed leaves it as it was. Its answers come one after the other; many conversations may have one
/// model.
public final class Conversation: Sendable {
  /// Who answers.
  public let model: Model
  /// What the model may call.
  public let tools: [Tool]
  /// How answers are made where ``send(_:options:)`` says nothing else.
  public let options: AnswerOptions

  private struct State {
    var messages: [Message]
    var isAnswering = false
  }

  private let state: Mutex<State>

  /// Begins a conversation.
  ///
  /// - Parameters:
  ///   - model: Who answers.
  ///   - system: What the model is told before all else; nil for nothing.
  ///   - tools: What the model may call.
  ///   - options: How answers are made.
  ///   - messages: What was said before, where a conversation is taken up.
  public init(
    _ model: Model,
    system: String? = nil,
    tools: [Tool] = [],
    options: AnswerOptions = AnswerOptions(),
    messages: [Message] = []
  ) {
    self.model = model
    self.tools = tools
    self.options = options
    state = Mutex(State(messages: (system.map { [Message(.system, $0)] } ?? []) + messages))
  }

  /// What was said so far, tool calls and their results included.
  public var messages: [Message] { state.withLock { $0.messages } }

  /// Says something to the model.
  ///
  /// Nothing happens before the pieces are asked for; a loop over them asks. Whoever leaves the loop, or
  /// whose task is cancelled, ends the answer: nothing is computed any more.
  ///
  /// - Parameters:
  ///   - text: What is said.
  ///   - options: How this answer is made; nil for the conversation's own.
  /// - Returns: The answer as it comes.
  public func send(_ text: String, options: AnswerOptions? = nil) -> AnswerPieces {
    AnswerPieces(model, .message(text, in: self), options ?? self.options)
  }

  /// Says something to the model and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - text: What is said.
  ///   - options: How this answer is made; nil for the conversation's own.
  /// - Throws: As ``AnswerPieces`` does.
  /// - Returns: The answer.
  public func answer(_ text: String, options: AnswerOptions? = nil) async throws -> Answer {
    try await send(text, options: options).answer()
  }

  /// Says something to the model, and takes a value for its answer.
  ///
  /// The model can write JSON of the schema alone; whether that is true is another question.
  ///
  /// - Parameters:
  ///   - text: What is said.
  ///   - type: The value's type.
  ///   - schema: What the answer must be.
  ///   - options: How this answer is made but for its format; nil for the conversation's own.
  /// - Throws: As ``AnswerPieces`` does, and ``HadalError`` of kind ``HadalError/Kind/unreadable`` where
  ///   the answer was cut off, or is no such value.
  /// - Returns: The value.
  public func answer<Value: Decodable>(
    _ text: String,
    as type: Value.Type,
    schema: Schema,
    options: AnswerOptions? = nil
  ) async throws -> Value {
    var options = options ?? self.options
    options.format = .schema(schema)
    return try await answer(text, options: options).decoded(as: type)
  }

  // MARK: Turns

  /// The right to answer, which one answer at a time has.
  final class Turn: Sendable {
    private let conversation: Conversation
    /// What was said before it.
    let messages: [Message]

    fileprivate init(_ conversation: Conversation, _ messages: [Message]) {
      self.conversation = conversation
      self.messages = messages
    }

    deinit { conversation.state.withLock { $0.isAnswering = false } }

    /// Makes messages part of the conversation.
    func keep(_ messages: ArraySlice<Message>) {
      conversation.state.withLock { $0.messages += messages }
    }
  }

  /// Begins an answer.
  ///
  /// - Throws: `HadalError` of kind `busy` where one is under way.
  func beginTurn() throws(HadalError) -> Turn {
    let messages: [Message]? = state.withLock { state in
      guard !state.isAnswering else { return nil }
      state.isAnswering = true
      return state.messages
    }
    guard let messages else {
      throw HadalError(
        .busy,
        "an answer of this conversation is under way",
        remedy: "wait for its end, or begin another conversation of the same model"
      )
    }
    return Turn(self, messages)
  }
}
