// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import FoundationEssentials
import Inference
import Models
import Storage
import Terminal

extension ChatSession {
  /// Does what a command asks for.
  func perform(_ word: ChatCommandWord, _ rest: String) throws {
    switch word {
    case .help: try showHelp()
    case .system: try changeSystem(rest)
    case .clear:
      beginAnew()
      try screen.note("A new conversation.")
    case .regenerate:
      try answer {
        guard try $0.takeBackLastAnswer() else {
          throw ChatFault.nothingToDo("there is no message to answer again")
        }
      }
    case .edit: try edit(rest)
    case .undo:
      guard let text = try conversation.takeBackLastExchange() else {
        throw ChatFault.nothingToDo("there is no message to take back")
      }
      try screen.note("Taken back: \(Excerpt.of(text))")
    case .save: try save(to: Self.path(rest))
    case .load: try load(Self.path(rest))
    case .list: try list(rest)
    case .rename:
      guard !rest.isEmpty else { throw missing(word, "a title is missing") }
      try conversation.rename(to: rest)
      try screen.note("Renamed.")
    case .model:
      if !rest.isEmpty { try use(modelNamed: Self.path(rest)) }
      try screen.result("\(model.name) (\(model.loaded.decoder.architecture.name))")
    case .stats: for line in statistics.lines(model) { try screen.result(line) }
    case .set: try set(rest)
    case .think:
      guard rest == "on" || rest == "off" else { throw missing(word, "on or off is missing") }
      try set("think \(rest)")
    case .exit: end()
    }
  }

  /// A path as a shell takes it: `~/` is the person's own folder.
  private static func path(_ text: String) -> String {
    guard text.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] else {
      return text
    }
    return home + text.dropFirst()
  }

  private func missing(_ word: ChatCommandWord, _ what: String) -> ChatFault {
    .missingArgument(command: "/\(word.rawValue) \(word.usage.arguments)", what: what)
  }

  private func showHelp() throws {
    let calls = ChatCommandWord.allCases.map { word in
      (call: "/\(word.rawValue) \(word.usage.arguments)", help: word.usage.help)
    }
    let callWidth = calls.map(\.call.count).max() ?? 0
    let helpWidth = calls.map(\.help.count).max() ?? 0
    for (call, help) in calls {
      if callWidth + 1 + helpWidth <= screen.width {
        try screen.result(call + String(repeating: " ", count: callWidth - call.count + 1) + help)
      } else {
        // Beside each other they would be broken anywhere.
        try screen.result(call)
        try screen.result(help, indent: 4)
      }
    }
    try screen.result("")
    try screen.result(
      "Alt-Enter or a \\ at its end goes on in a new line; so does a text between \"\"\"."
    )
    try screen.result(
      "Ctrl-C stops an answer. Up and Down bring back what was written, Ctrl-R searches it."
    )
  }

  private func changeSystem(_ text: String) throws {
    switch text {
    case "": try screen.result(conversation.system ?? "There is no system message.")
    case "-":
      try noteSettings(system: nil)
      try screen.note("The system message is removed.")
    default:
      try noteSettings(system: text)
      try screen.note("The system message is set.")
    }
  }

  private func edit(_ text: String) throws {
    guard let last = conversation.turns.last(where: { $0.role == .user })?.content else {
      throw ChatFault.nothingToDo("there is no message to edit")
    }
    guard let new = text.isEmpty ? try askForText(beginningWith: last) : text, !new.isEmpty else {
      throw missing(.edit, "the new text is missing")
    }
    try answer {
      _ = try $0.takeBackLastExchange()
      try $0.add(new)
    }
  }

  // MARK: Conversations on file

  private func stored() throws -> Conversation {
    guard let store else { throw ChatFault.notKept }
    guard let id = conversation.id else {
      throw ChatFault.nothingToDo("there is no message yet")
    }
    return try store.load(id)
  }

  private func save(to path: String) throws {
    guard !path.isEmpty else { throw missing(.save, "a file is missing") }
    let conversation = try stored()
    let text: String
    if path.hasSuffix(".json") {
      text = conversation.json
    } else if path.hasSuffix(".md") {
      text = conversation.markdown
    } else if path.hasSuffix(".html") {
      text = conversation.html
    } else {
      throw ChatFault.unknownFormat(path)
    }
    let writer = try FileWriter(path: path)
    try writer.write(Array(text.utf8))
    try writer.commit()
    try screen.note("Saved to \(path).")
  }

  private func load(_ text: String) throws {
    guard let store else { throw ChatFault.notKept }
    guard !text.isEmpty else { throw missing(.load, "a conversation is missing") }
    let found: Conversation
    if text.hasSuffix(".json") {
      found = try store.load(store.add(Conversation(json: Input.bytes(of: text), file: text)))
    } else {
      found = try store.load(store.find(text))
    }
    try takeUp(found, in: store)
    try screen.note("\(found.title) (\(found.path.count) messages)")
  }

  private func list(_ words: String) throws {
    guard let store else { throw ChatFault.notKept }
    let found =
      words.isEmpty ? try store.list(limit: 20) : try store.search(words).map(\.conversation)
    var seen: Set<ConversationID> = []
    let entries = found.filter { seen.insert($0.id).inserted }
    if entries.isEmpty { try screen.note("None.") }
    for line in ConversationList.lines(entries, numbered: false, columns: screen.width) {
      try screen.result(line)
    }
  }

  // MARK: Settings

  private func set(_ text: String) throws {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    guard let name = parts.first else { return try showSettings(ChatSettings.entries) }
    guard let entry = ChatSettings.entries.first(where: { $0.name == name }) else {
      throw ChatFault.unknownSetting(name)
    }
    guard parts.count > 1 else { return try showSettings([entry]) }
    var changed = settings
    try changed.set(name, to: parts[1])
    // What the model lacks is refused here, not at the next message.
    try model.check(changed)
    settings = changed
    try noteSettings(system: conversation.system)
    try showSettings([entry])
  }

  private func showSettings(_ entries: [ChatSettings.Entry]) throws {
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      let value =
        entry.show(settings) ?? model.standard(entry.name, settings).map { "\($0), by the model" }
      try screen.result("\(name)  \(value ?? "not set")  (\(entry.help))")
    }
  }
}

/// The beginning of a text, on one line.
enum Excerpt {
  static func of(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 60 ? line.prefix(59) + "…" : line
  }
}
