// SPDX-License-Identifier: Apache-2.0

/// What the parser says of every command: names, options and help texts.
///
/// It is read from the parser's own description, so that configuration files, the reference page and
/// the tests of help texts know of a new command without being told.
package struct CommandCatalog: Sendable, Hashable {
  /// One name of an option, with its dashes.
  package struct Name: Sendable, Hashable {
    /// The name without dashes, as it stands in a configuration file.
    package var key: String
    /// The name as it is typed.
    package var spelling: String

    /// Whether it is one dash and one character.
    var isShort: Bool { !spelling.hasPrefix("--") && key.count == 1 }
  }

  /// An option, a flag or a positional argument.
  package struct Option: Sendable, Hashable {
    /// How it stands on the command line.
    package enum Kind: String, Sendable, Hashable {
      /// A name alone.
      case flag
      /// A name and a value.
      case option
      /// A value alone.
      case positional
    }

    /// How it stands on the command line.
    package var kind: Kind
    /// All names; none of a positional argument.
    package var names: [Name]
    /// What stands for the value in help texts.
    package var valueName: String
    /// What it does, in a sentence.
    package var abstract: String
    /// More about it.
    package var discussion: String
    /// What holds where it is not given.
    package var defaultValue: String?
    /// The values that it takes, where there are few.
    package var values: [String]
    /// Whether it may be given several times.
    package var isRepeating: Bool
    /// Whether it may be left out.
    package var isOptional: Bool
    /// Whether help texts show it.
    package var isDisplayed: Bool
    /// Whether it takes one value and leaves what follows alone.
    package var takesOneValue: Bool

    /// The longest name, which reads best; nil of a positional argument.
    package var mainName: Name? {
      names.first { $0.spelling.hasPrefix("--") } ?? names.first
    }

    /// Whether it asks for help or for the version, which the parser answers itself.
    var asksParser: Bool { names.contains { $0.key == "help" || $0.key == "version" } }
  }

  /// A command and the commands below it.
  package struct Command: Sendable, Hashable {
    /// The name.
    package var name: String
    /// The names of the commands above, from the program down.
    package var parents: [String]
    /// Other names.
    package var aliases: [String]
    /// What it does, in a sentence.
    package var abstract: String
    /// More about it, with examples.
    package var discussion: Discussion
    /// What it takes.
    package var options: [Option]
    /// The commands below it.
    package var commands: [Command]
    /// The command below that is meant where none is named.
    package var defaultCommand: String?
    /// Whether help texts show it.
    package var isDisplayed: Bool

    /// The name with those of the commands above: `hadal run`.
    package var fullName: String { (parents + [name]).joined(separator: " ") }

    /// What is typed to call it, after the program's name.
    package var line: [String] { Array((parents + [name]).dropFirst()) }

    /// This command and all below it, in order.
    package var all: [Command] { [self] + commands.flatMap(\.all) }

    /// The command below with a name.
    func command(named name: String) -> Command? {
      commands.first { $0.name == name || $0.aliases.contains(name) }
    }
  }

  /// The program itself.
  package var root: Command
}
