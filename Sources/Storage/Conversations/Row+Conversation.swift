// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Rows of the tables `conversation` and `message` as values.
extension Row {
  func summary(file: String) throws -> ConversationSummary {
    try ConversationSummary(
      id: ConversationID(stored: needed(text("id"), "id", file: file)),
      title: needed(text("title"), "title", file: file),
      model: needed(text("model"), "model", file: file),
      messageCount: needed(integer("messages"), "messages", file: file),
      created: timestamp("created", file: file),
      updated: timestamp("updated", file: file)
    )
  }

  func conversation(messages: [Message], file: String) throws -> Conversation {
    try Conversation(
      id: ConversationID(stored: needed(text("id"), "id", file: file)),
      title: needed(text("title"), "title", file: file),
      model: needed(text("model"), "model", file: file),
      system: text("system"),
      settings: needed(text("settings"), "settings", file: file),
      created: timestamp("created", file: file),
      updated: timestamp("updated", file: file),
      messages: messages,
      leaf: integer("leaf").map(MessageID.init)
    )
  }

  func message(file: String) throws -> Message {
    try Message(
      id: MessageID(needed(integer("number"), "number", file: file)),
      parent: integer("parent").map(MessageID.init),
      ordinal: needed(integer("ordinal"), "ordinal", file: file),
      role: needed(text("role").flatMap(Role.init(rawValue:)), "role", file: file),
      content: needed(text("content"), "content", file: file),
      reasoning: text("reasoning"),
      finish: text("finish").map(FinishReason.init(rawValue:)),
      isBeingWritten: text("writer") != nil,
      model: text("model"),
      seed: integer("seed").map { UInt64(bitPattern: Int64($0)) },
      figures: figures,
      created: timestamp("created", file: file)
    )
  }

  private var figures: AnswerFigures {
    AnswerFigures(
      promptTokens: integer("prompt_tokens"),
      completionTokens: integer("completion_tokens"),
      reasoningTokens: integer("reasoning_tokens"),
      reasoningSeconds: number("reasoning_seconds"),
      prefillSeconds: number("prefill_seconds"),
      decodeSeconds: number("decode_seconds")
    )
  }

  private func timestamp(_ column: String, file: String) throws -> Timestamp {
    try Timestamp(milliseconds: needed(integer(column), column, file: file))
  }
}
