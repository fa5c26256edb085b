// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Inference
import Models

/// Why a model cannot be loaded, or an answer cannot be had: what is wrong, where, and what to do.
public struct HadalError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of thing is wrong; more kinds may come.
  public struct Kind: Sendable, Hashable, CustomStringConvertible {
    /// The kind's name.
    public let description: String

    /// The folder holds no model that can be used here, or the machine has no room for it.
    public static let model = Kind(description: "model")
    /// A value of the options, a tool or a schema cannot be used.
    public static let option = Kind(description: "option")
    /// The model's template refuses the messages, or there are none.
    public static let prompt = Kind(description: "prompt")
    /// The messages are longer than the model's context.
    public static let tooLong = Kind(description: "too long")
    /// Too many answers wait already, or the conversation has one under way.
    public static let busy = Kind(description: "busy")
    /// The model goes on calling tools.
    public static let toolRounds = Kind(description: "tool rounds")
    /// The answer is not what its reader wants.
    public static let unreadable = Kind(description: "unreadable")
    /// The answer could not be computed.
    public static let computing = Kind(description: "computing")
  }

  /// What kind of thing is wrong.
  public let kind: Kind
  /// What is wrong: found and expected.
  public let what: String
  /// Where it is wrong; nil where there is no place.
  public let place: String?
  /// What can be done about it; nil where nothing is known.
  public let remedy: String?

  init(_ kind: Kind, _ what: String, place: String? = nil, remedy: String? = nil) {
    (self.kind, self.what, self.place, self.remedy) = (kind, what, place, remedy)
  }

  /// All three parts in one line.
  public var description: String {
    what + (place.map { " (\($0))" } ?? "") + (remedy.map { "; try: \($0)" } ?? "")
  }
}

extension HadalError {
  /// What another module threw.
  init(_ kind: Kind, _ error: any Error) {
    if let error = error as? HadalError {
      self = error
    } else if let error = error as? LoadError, error.reason == .noTokenizer {
      self.init(kind, error.what, place: error.place, remedy: "add the tokenizer's files")
    } else if let error = error as? LoadError, error.reason == .emptyPrompt {
      self.init(kind, error.what, place: error.place, remedy: "give it a text")
    } else if let error = error as? any DiagnosableError {
      self.init(kind, error.what, place: error.place, remedy: error.remedy)
    } else {
      self.init(kind, "\(error)")
    }
  }

  /// An engine that does not take a request.
  init(_ refusal: EngineRefusal) {
    switch refusal {
    case .full(let waiting, _):
      self.init(
        .busy,
        "\(waiting) answers wait for the model already",
        remedy: "ask later, or raise 'waitingCount' of its settings"
      )
    case .tooLong(let count, let limit):
      self.init(
        .tooLong,
        "the prompt has \(count) tokens, and with one of an answer the context of \(limit) is passed",
        remedy: "shorten the messages, or begin another conversation"
      )
    case .invalid(let reason): self.init(.option, reason)
    case .stopping: self.init(.busy, "the model takes no more")
    }
  }
}
