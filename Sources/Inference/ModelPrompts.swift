// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Hashing
public import Tokenization

/// A prompt's tokens, and where the answer to it begins.
public struct PreparedPrompt: Sendable, Hashable {
  /// The tokens, at least one.
  public var ids: [Int32]
  /// Whether it is a conversation's prompt: its answer may have reasoning apart.
  public var isChat: Bool
  /// Whether the answer begins inside its reasoning.
  public var opensReasoning: Bool

  /// Creates a prompt of tokens as they were given.
  public init(ids: [Int32], isChat: Bool = false, opensReasoning: Bool = false) {
    self.ids = ids
    self.isChat = isChat
    self.opensReasoning = opensReasoning
  }
}

/// Makes a model's prompts of texts and conversations; any number of tasks may use it at once.
public struct ModelPrompts: Sendable {
  /// The tokenizer, nil where the model's folder has none.
  public let tokenizer: Tokenizer?
  /// The chat templates, or why they cannot be read: an error only where one is needed.
  let templates: Result<ChatTemplateFiles, TokenizationError>
  /// The folder, as errors name it.
  let label: String

  /// Makes what turns conversations into prompts: the model's own template, or a built-in form where
  /// it has none.
  ///
  /// - Throws: `LoadError` where there is no tokenizer; the error of a template that cannot be read or
  ///   does not compile.
  /// - Returns: The encoder.
  public func makeEncoder() throws -> any PromptEncoder {
    guard let tokenizer else { throw LoadError(.noTokenizer, place: label) }
    return try templates.get().makeEncoder(tokenizer)
  }

  /// Whether the tokenizer's files hold a chat template, or cannot be read: then to take text as it
  /// is would be a guess.
  public var hasChatTemplate: Bool { (try? templates.get())?.isEmpty != true }

  /// The SHA-256 of the model's own template, of the one for tools behind it where there is one; nil where
  /// a built-in form stands for it, or nothing can be read.
  public var templateHash: String? {
    guard let files = try? templates.get(), let own = files.template(hasTools: false) else {
      return nil
    }
    let tools = files.template(hasTools: true).flatMap { $0.text == own.text ? nil : $0.text }
    let parts = [own.text] + (tools.map { [$0] } ?? [])
    return Hexadecimal.text(SHA256Hash.digest(of: Array(parts.joined(separator: "\0").utf8)))
  }

  /// The prompt of a text that the model continues, after the beginning-of-text token where the model
  /// has one: exactly one of them.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - formsControl: Whether the text may form control tokens; otherwise it never does.
  /// - Throws: `LoadError` where there is no tokenizer or no token.
  /// - Returns: The prompt.
  public func raw(_ text: String, formsControl: Bool = false) throws -> PreparedPrompt {
    guard let tokenizer else { throw LoadError(.noTokenizer, place: label) }
    var ids = try tokenizer.encode(text, addedTokens: formsControl ? .all : .never)
    // A text that may form control tokens may begin with the one that was just put before it.
    let prefix = tokenizer.prefixIDs
    if formsControl, prefix.count == 1, ids.count > 1, ids[0] == ids[1], ids[0] == prefix[0] {
      ids.removeFirst()
    }
    guard !ids.isEmpty else { throw LoadError(.emptyPrompt, place: "prompt") }
    return PreparedPrompt(ids: ids)
  }

  /// The prompt of a conversation.
  ///
  /// - Parameters:
  ///   - request: The conversation.
  ///   - encoder: What `makeEncoder` made.
  ///   - time: What a template sees as now.
  /// - Throws: `TemplateError` where the template refuses the conversation; `LoadError` where there is
  ///   no tokenizer or no token.
  /// - Returns: The prompt.
  public func chat(
    _ request: ChatRequest,
    _ encoder: any PromptEncoder,
    time: CalendarTime
  ) throws -> PreparedPrompt {
    guard let tokenizer else { throw LoadError(.noTokenizer, place: label) }
    let prompt = try encoder.prompt(for: request, time: time)
    let ids = try tokenizer.chatIDs(prompt)
    guard !ids.isEmpty else { throw LoadError(.emptyPrompt, place: "messages") }
    return PreparedPrompt(ids: ids, isChat: true, opensReasoning: prompt.opensReasoning)
  }
}
