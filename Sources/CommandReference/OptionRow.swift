// SPDX-License-Identifier: Apache-2.0

import Settings

/// One entry of a list of options: two flags that are opposites share one.
struct OptionRow {
  /// How it is typed, each part literal or a placeholder.
  enum Part: Hashable {
    case literal(String)
    case placeholder(String)
    case separator(String)
  }

  var parts: [Part]
  var sentences: String

  /// The rows of a command, without what help texts hide.
  static func rows(of command: CommandCatalog.Command) -> [OptionRow] {
    var rows: [OptionRow] = []
    for option in command.options where option.isDisplayed {
      let row = OptionRow(option)
      // The parser makes both flags of a pair from one declaration, with one text.
      if let last = rows.last, option.kind == .flag, last.sentences == row.sentences {
        rows[rows.count - 1].parts += [.separator(", ")] + row.parts
      } else {
        rows.append(row)
      }
    }
    return rows
  }

  private init(_ option: CommandCatalog.Option) {
    parts = []
    // Short names first, as everywhere.
    for name in option.names.sorted(by: { $0.spelling.count < $1.spelling.count }) {
      if !parts.isEmpty { parts.append(.separator(", ")) }
      parts.append(.literal(name.spelling))
    }
    if option.kind != .flag {
      if !parts.isEmpty { parts.append(.separator(" ")) }
      parts.append(.placeholder(option.valueName.uppercased()))
      if option.kind == .positional, option.isRepeating { parts.append(.separator("…")) }
    }
    var notes: [String] = []
    if option.kind == .option, option.isRepeating, !option.abstract.contains("several times") {
      notes.append("may be given several times")
    }
    if option.kind != .flag, !option.isOptional { notes.append("required") }
    if !option.values.isEmpty, !option.abstract.contains(option.values.joined(separator: " or ")) {
      notes.append("values: \(option.values.joined(separator: ", "))")
    }
    if let value = option.defaultValue { notes.append("default: \(value)") }
    let texts = [option.abstract, option.discussion].filter { !$0.isEmpty }
    sentences = (texts + (notes.isEmpty ? [] : ["(\(notes.joined(separator: "; ")))"]))
      .joined(separator: " ")
  }
}

/// How a command is called, in short: `hadal run [PROMPT] [OPTIONS]`.
struct CommandUsage {
  /// The words after the command's name.
  var words: [String]

  init(_ command: CommandCatalog.Command) {
    let shown = command.options.filter(\.isDisplayed)
    let required = shown.filter { $0.kind == .option && !$0.isOptional }
      .map { "\($0.mainName?.spelling ?? "") \($0.valueName.uppercased())" }
    let positional = shown.filter { $0.kind == .positional }.map { option in
      let name = option.valueName.uppercased() + (option.isRepeating ? "…" : "")
      return option.isOptional ? "[\(name)]" : name
    }
    words = required + positional
    if !command.commands.isEmpty { words.append("COMMAND") }
    if shown.contains(where: { $0.kind != .positional && $0.isOptional }) {
      words.append("[OPTIONS]")
    }
  }
}
