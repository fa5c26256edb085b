// SPDX-License-Identifier: Apache-2.0

/// The commands that a command line names, and where.
struct NamedCommands: Hashable, Sendable {
  /// A command, and how many words of the line end with its name.
  struct Place: Hashable, Sendable {
    var command: CommandCatalog.Command
    var end: Int
  }

  /// From the command below the program down.
  var places: [Place] = []

  /// Looks for commands as the parser does: the first word that is no option and no option's value.
  init(in arguments: [String], root: CommandCatalog.Command) {
    var current = root
    var options = root.options
    var index = 0
    while index < arguments.count, arguments[index] != "--" {
      let word = arguments[index]
      index += 1
      if word.hasPrefix("-"), word != "-" {
        let option = options.first { $0.names.contains { $0.spelling == word } }
        if option?.kind == .option { index += 1 }
        continue
      }
      guard let next = current.command(named: word) else { break }
      places.append(Place(command: next, end: index))
      current = next
      options += next.options
    }
    if let next = current.defaultCommand.flatMap({ current.command(named: $0) }) {
      places.append(Place(command: next, end: places.last?.end ?? 0))
    }
  }
}
