// SPDX-License-Identifier: Apache-2.0

import Terminal

/// What can be asked of a conversation with a word behind a slash.
enum ChatCommandWord: String, CaseIterable {
  case help, system, clear, regenerate, edit, undo, save, load, list, rename, model, stats, set,
    think
  case exit

  /// How it is called and what it does.
  var usage: (arguments: String, help: String) {
    switch self {
    case .help: ("", "show this list")
    case .system: ("[TEXT|-]", "show, set, or with - remove the system message")
    case .clear: ("", "begin a new conversation; this one stays on file")
    case .regenerate: ("", "answer the last message again; the first answer stays on file")
    case .edit: ("[TEXT]", "write the last message anew and have it answered")
    case .undo: ("", "take the last message and its answer back; both stay on file")
    case .save: ("FILE", "write the conversation as .md, .html or .json")
    case .load: ("ID|FILE.json", "go on with another conversation")
    case .list: ("[WORDS]", "list conversations, or those that hold all the words")
    case .rename: ("TITLE", "give the conversation a title")
    case .model: ("[MODEL]", "show the model, or go on with another one")
    case .stats: ("", "tokens, speed, context and memory")
    case .set: ("[NAME [VALUE]]", "show or change settings; the value 'default' takes the model's")
    case .think: ("on|off", "whether the model thinks first, where its template has a switch")
    case .exit: ("", "end; Ctrl-D does the same")
    }
  }
}

/// A line that a person entered.
enum ChatEntry: Equatable {
  /// A message to the model.
  case message(String)
  /// A command and what stands behind it.
  case command(ChatCommandWord, String)
  /// Nothing.
  case empty

  /// Reads a line: a slash begins a command, two of them a message that begins with one.
  init(_ text: String) throws(ChatFault) {
    guard text.contains(where: { !$0.isWhitespace }) else {
      self = .empty
      return
    }
    guard text.first == "/", !text.hasPrefix("//") else {
      self = .message(text.hasPrefix("//") ? String(text.dropFirst()) : text)
      return
    }
    let word = text.dropFirst().prefix { !$0.isWhitespace }
    let name = Self.synonyms[String(word)] ?? String(word)
    guard let command = ChatCommandWord(rawValue: name) else {
      throw ChatFault.unknownCommand(String(word))
    }
    let rest = text.dropFirst(1 + word.count).drop(while: \.isWhitespace)
    self = .command(command, String(rest))
  }

  private static let synonyms = ["?": "help", "quit": "exit", "bye": "exit", "new": "clear"]
}

/// What Tab makes of the beginning of a command.
enum ChatCompletion {
  static func complete(_ text: String) -> Terminal.Completion? {
    guard text.first == "/", !text.contains("\n") else { return nil }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    if words.count == 1 {
      return Terminal.Completion(of: text, from: commands)
    }
    guard words.count == 2, words[0] == "/set" else {
      guard words.count == 2, words[0] == "/think" else { return nil }
      return Terminal.Completion(of: String(words[1]), from: [.init("on"), .init("off")])
    }
    return Terminal.Completion(of: String(words[1]), from: settings)
  }

  private static let commands = ChatCommandWord.allCases.map { word in
    Terminal.Completion.Candidate(
      "/\(word.rawValue)",
      note: word.usage.help,
      suffix: word.usage.arguments.isEmpty ? "" : " "
    )
  }

  private static let settings = ChatSettings.entries.map {
    Terminal.Completion.Candidate($0.name, note: $0.help)
  }
}
