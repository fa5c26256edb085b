// SPDX-License-Identifier: Apache-2.0

import JSON

extension Conversation {
  /// Reads a conversation that `json` wrote.
  ///
  /// Its messages are numbered from 1; `ConversationStore.add` gives them numbers of a database.
  /// Unknown fields are passed over.
  ///
  /// - Parameters:
  ///   - json: The file's bytes.
  ///   - file: What errors call the file.
  /// - Throws: `StorageError` that names the field where something else stands there.
  public init(json: [UInt8], file: String? = nil) throws(StorageError) {
    let root: JSONValue
    do {
      root = try JSONDocument(json).root
    } catch {
      var error = error
      error.file = file
      throw StorageError(.importNotJSON(error), file: file)
    }
    let fields = ImportedFields(value: root, prefix: "", file: file)
    try fields.checkFormat()
    let messages = try fields.messages()
    let leaf = try fields.optional("leaf", \.integer, "a message's number or null")
    guard leaf.map({ messages.indices.contains($0 - 1) }) ?? true else {
      throw fields.fault("leaf", "the number of a message")
    }
    guard let id = ConversationID(try fields.needed("id", \.string, "a text")) else {
      throw fields.fault("id", "eight of a…z and 2…7")
    }
    self.init(
      id: id,
      title: ConversationTitle.line(
        try fields.needed("title", \.string, "a text"),
        characterLimit: ConversationTitle.givenCharacterLimit
      ).stored,
      model: try fields.needed("model", \.string, "a text").stored,
      system: try fields.optional("system", \.string, "a text or null")?.stored,
      settings: try fields.settings(),
      created: try fields.timestamp("created"),
      updated: try fields.timestamp("updated"),
      messages: messages,
      leaf: leaf.map(MessageID.init)
    )
  }
}

/// The fields of one object of a file that is read.
private struct ImportedFields {
  let value: JSONValue
  /// What stands before a field's name in an error, such as `messages[2].`.
  let prefix: String
  let file: String?

  func checkFormat() throws(StorageError) {
    guard value["format"]?.string == ConversationFormat.name else {
      throw fault("format", "'\(ConversationFormat.name)'")
    }
    let version = try needed("version", \.integer, "a version from 1")
    guard version >= 1 else { throw fault("version", "a version from 1") }
    guard version <= ConversationFormat.version else {
      throw StorageError(.importNewer(version: version), file: file)
    }
  }

  func settings() throws(StorageError) -> String {
    guard let settings = value["settings"], settings.object != nil else {
      throw fault("settings", "an object")
    }
    do {
      return try Settings.canonical(JSONText(settings).text)
    } catch {
      throw fault("settings", "an object of options")
    }
  }

  func messages() throws(StorageError) -> [Message] {
    guard let array = value["messages"]?.array else { throw fault("messages", "an array") }
    var messages: [Message] = []
    messages.reserveCapacity(array.count)
    for (index, element) in array.enumerated() {
      let fields = ImportedFields(value: element, prefix: "messages[\(index)].", file: file)
      messages.append(try fields.message(number: index + 1, after: messages))
    }
    return messages
  }

  private func message(number: Int, after messages: [Message]) throws(StorageError) -> Message {
    guard try needed("number", \.integer, "\(number)") == number else {
      throw fault("number", "\(number)")
    }
    let parent = try optional("parent", \.integer, "the number of a message before, or null")
    guard parent.map({ messages.indices.contains($0 - 1) }) ?? true else {
      throw fault("parent", "the number of a message before, or null")
    }
    guard let role = Role(rawValue: try needed("role", \.string, "a role")) else {
      throw fault("role", "one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return Message(
      id: MessageID(number),
      parent: parent.map(MessageID.init),
      ordinal: parent.map { messages[$0 - 1].ordinal + 1 } ?? 0,
      role: role,
      content: try needed("content", \.string, "a text").stored,
      reasoning: try optional("reasoning", \.string, "a text or null")?.stored,
      finish: try optional("finish", \.string, "a text or null")
        .map { FinishReason(rawValue: $0.stored) },
      isBeingWritten: false,
      model: try optional("model", \.string, "a text or null")?.stored,
      seed: try seed(),
      figures: try figures(),
      created: try timestamp("created")
    )
  }

  private func seed() throws(StorageError) -> UInt64? {
    guard let value = value["seed"], !value.isNull else { return nil }
    let digits = value.integer.map(String.init) ?? value.string
    guard let seed = digits.flatMap({ UInt64($0) }) else {
      throw fault("seed", "a number of 64 bits without a sign")
    }
    return seed
  }

  private func figures() throws(StorageError) -> AnswerFigures {
    AnswerFigures(
      promptTokens: try optional("prompt_tokens", \.integer, "a number or null"),
      completionTokens: try optional("completion_tokens", \.integer, "a number or null"),
      reasoningTokens: try optional("reasoning_tokens", \.integer, "a number or null"),
      reasoningSeconds: try optional("reasoning_seconds", \.double, "a number or null"),
      prefillSeconds: try optional("prefill_seconds", \.double, "a number or null"),
      decodeSeconds: try optional("decode_seconds", \.double, "a number or null")
    )
  }

  func timestamp(_ name: String) throws(StorageError) -> Timestamp {
    guard let time = Timestamp(try needed(name, \.string, "a time")) else {
      throw fault(name, "a time like 2026-11-21T22:30:17.250Z")
    }
    return time
  }

  func needed<Value>(
    _ name: String,
    _ read: (JSONValue) -> Value?,
    _ expected: String
  ) throws(StorageError) -> Value {
    guard let found = value[name].flatMap(read) else { throw fault(name, expected) }
    return found
  }

  func optional<Value>(
    _ name: String,
    _ read: (JSONValue) -> Value?,
    _ expected: String
  ) throws(StorageError) -> Value? {
    guard let field = value[name], !field.isNull else { return nil }
    guard let found = read(field) else { throw fault(name, expected) }
    return found
  }

  func fault(_ name: String, _ expected: String) -> StorageError {
    let found = value[name].map { String($0.source.prefix(40)) } ?? "absent"
    return StorageError(
      .importField(found: found, expected: expected),
      file: file,
      field: prefix + name
    )
  }
}
