// SPDX-License-Identifier: Apache-2.0

/// An answer as it comes, piece by piece.
///
/// Each loop over it asks the model anew. Its errors are ``HadalError``, what a ``Tool`` throws, and
/// `CancellationError` where the task that loops was cancelled. Whoever leaves the loop ends the answer.
public struct AnswerPieces: AsyncSequence, Sendable {
  /// What is answered.
  enum Question: Sendable {
    /// A message of a conversation.
    case message(String, in: Conversation)
    /// A text that is gone on with.
    case text(String)
  }

  private let model: Model
  private let question: Question
  private let options: AnswerOptions

  init(_ model: Model, _ question: Question, _ options: AnswerOptions) {
    (self.model, self.question, self.options) = (model, question, options)
  }

  /// Begins to ask.
  public func makeAsyncIterator() -> Iterator { Iterator(model, question, options) }

  /// Waits for the whole answer.
  public func answer() async throws -> Answer {
    var answer: Answer?
    for try await piece in self { answer = piece.answer ?? answer }
    guard let answer else { throw CancellationError() }
    return answer
  }

  /// Takes an answer's pieces, one after the other.
  public struct Iterator: AsyncIteratorProtocol {
    private enum Place {
      case before(Model, Question, AnswerOptions)
      case inside(Exchange)
      case behind
    }

    private var place: Place

    init(_ model: Model, _ question: Question, _ options: AnswerOptions) {
      place = .before(model, question, options)
    }

    /// The next piece; nil behind the last one.
    public mutating func next() async throws -> Piece? {
      try await next(isolation: #isolation)
    }

    /// The next piece; nil behind the last one.
    ///
    /// - Parameter actor: Where the caller is.
    /// - Throws: What ended the answer.
    /// - Returns: The piece.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws -> Piece? {
      let now = place
      // What fails has no next piece.
      place = .behind
      var exchange: Exchange
      switch now {
      case .before(let model, let question, let options):
        exchange = try Exchange(model, question, options)
      case .inside(let begun): exchange = begun
      case .behind: return nil
      }
      let piece = try await exchange.next(isolation: actor)
      if piece != nil { place = .inside(exchange) }
      return piece
    }
  }
}

extension Model {
  /// Goes on with a text as it is, without the turns of a conversation: for models that learned none.
  ///
  /// Nothing of the text becomes a control token. Nothing happens before the pieces are asked for.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - options: How it is gone on with; tools are not called.
  /// - Returns: What comes behind it.
  public func complete(
    _ text: String,
    options: AnswerOptions = AnswerOptions()
  ) -> AnswerPieces {
    AnswerPieces(self, .text(text), options)
  }
}
