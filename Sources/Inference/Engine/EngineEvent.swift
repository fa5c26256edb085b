// SPDX-License-Identifier: Apache-2.0

public import Models

/// What the caller of a request hears.
public enum EngineEvent: Sendable {
  /// It waits: so many begin before it; with the seconds after which it should begin, where known.
  case waiting(position: Int, seconds: Double?)
  /// It is worked on; of its prompt's tokens the cache held so many.
  case began(cachedPromptCount: Int)
  /// What the prompt's tokens behind the first are worth, where asked for; before the first token.
  case scored([Completion.LogProbabilities])
  /// A token came, with the text that it releases.
  case token(Token)
  /// It ended. Nothing follows.
  case ended(Result<Completion, ModelError>)

  /// A generated token.
  public struct Token: Sendable, Hashable {
    /// The token.
    public var id: Int32
    /// The text that it releases, also of tokens before it; empty while it may be part of a character
    /// or of a stop text.
    public var text: String
    /// Its log-probability and the likeliest ones, where asked for.
    public var logProbabilities: Completion.LogProbabilities?
  }
}
