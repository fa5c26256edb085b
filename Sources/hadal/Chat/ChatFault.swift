// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What a person in a conversation asked for and cannot have.
enum ChatFault: DiagnosableError, Equatable {
  /// No command has this name.
  case unknownCommand(String)
  /// No setting has this name.
  case unknownSetting(String)
  /// A setting cannot have this value.
  case badValue(String)
  /// A command wants something behind it.
  case missingArgument(command: String, what: String)
  /// There is no message that the command could be about.
  case nothingToDo(String)
  /// The conversation leaves no room for an answer.
  case contextFull(tokens: Int, limit: Int)
  /// A file's name says nothing of a form that is known.
  case unknownFormat(String)
  /// Conversations are not kept now.
  case notKept

  var what: String {
    switch self {
    case .unknownCommand(let name): "unknown command '/\(name)'"
    case .unknownSetting(let name): "unknown setting '\(name)'"
    case .badValue(let text): text
    case .missingArgument(_, let what): what
    case .nothingToDo(let what): what
    case .contextFull(let tokens, let limit):
      "the conversation has \(tokens) tokens and leaves no room for an answer, the context has \(limit)"
    case .unknownFormat(let path): "the name tells none of .md, .html and .json (\(path))"
    case .notKept: "conversations are not kept now"
    }
  }

  var place: String? { nil }

  var remedy: String? {
    switch self {
    case .unknownCommand(let name):
      NearestName.of(name, in: ChatCommandWord.allCases.map(\.rawValue)).map { "/\($0)" }
        ?? "/help; a message that begins with / is sent with // in its place"
    case .unknownSetting(let name):
      NearestName.of(name, in: ChatSettings.names).map { "/set \($0)" } ?? "/set"
    case .badValue, .nothingToDo: nil
    case .missingArgument(let command, _): command
    case .contextFull: "/clear, /undo, or /set overflow drop, which leaves out the oldest exchanges"
    case .unknownFormat: "/save NAME.md"
    case .notKept: "leave out --no-save"
    }
  }

  var exitCode: ExitCode {
    switch self {
    case .contextFull: .badData
    case .notKept: .configuration
    default: .usage
    }
  }
}
