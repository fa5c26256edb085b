// SPDX-License-Identifier: Apache-2.0

import YAML

/// A command line with the defaults of a configuration file in it.
///
/// A setting becomes an argument behind the command's name, before what was typed. What the line
/// gives itself is not taken from the file at all, so that lists are not joined and flags that are
/// opposites do not meet.
package struct ConfiguredArguments: Hashable, Sendable {
  /// A setting and what it becomes.
  struct Part: Hashable, Sendable {
    var setting: OptionDefaults.Setting
    var option: CommandCatalog.Option
    /// Whether it stands in the command's own section.
    var isOwn: Bool
    var arguments: [String]
    /// The word of the line before which they stand.
    var position: Int
  }

  /// The command line as it was typed.
  let typed: [String]
  private(set) var parts: [Part] = []
  private let commands: NamedCommands
  private let defaults: OptionDefaults

  /// Chooses the settings that hold for the command that a line names.
  ///
  /// - Parameters:
  ///   - typed: The command line after the program's name.
  ///   - defaults: What the file says.
  package init(_ typed: [String], defaults: OptionDefaults) {
    self.typed = typed
    self.defaults = defaults
    commands = NamedCommands(in: typed, root: defaults.catalog.root)
    var path: [CommandCatalog.Command] = []
    for place in commands.places {
      path.append(place.command)
      for option in SettableOption.all(of: place.command) {
        guard !option.isGiven(in: typed),
          let found = defaults.setting(of: option, path: path)
        else { continue }
        parts.append(
          Part(
            setting: found.setting,
            option: option.option,
            isOwn: found.isOwn,
            arguments: found.arguments,
            position: place.end
          )
        )
      }
    }
  }

  /// The line with all settings in it.
  package var arguments: [String] { arguments(with: parts) }

  /// Settles which settings hold, and who is to blame where the parser refuses the line.
  ///
  /// A file that the parser takes by itself gives way to the line where the two do not go together. A
  /// file that it refuses by itself is at fault, whatever the line says.
  ///
  /// - Parameter complaint: What the parser says of a line, nil where it takes it.
  /// - Throws: `SettingsError` naming the setting that is at fault.
  /// - Returns: The line to parse, as it was typed where the fault is its own; and what gave way.
  package func settled(
    _ complaint: ([String]) -> String?
  ) throws(SettingsError) -> Settled {
    guard complaint(arguments) != nil else { return Settled(arguments: arguments) }
    let sound = try sound(complaint)
    guard sound == self else { return try sound.settled(complaint) }
    guard complaint(typed) == nil else { return Settled(arguments: typed) }
    for part in parts where complaint(arguments(with: parts.filter { $0 != part })) == nil {
      return settled(keeping: parts.filter { $0 != part })
    }
    var kept: [Part] = []
    for part in parts where complaint(arguments(with: kept + [part])) == nil { kept.append(part) }
    return settled(keeping: kept)
  }

  /// A line, and what it left out.
  package struct Settled: Hashable, Sendable {
    /// The line to parse.
    package var arguments: [String]
    /// What of the file does not go with the line, one sentence each.
    package var warnings: [String]

    /// A line that left nothing out, unless it says so.
    package init(arguments: [String], warnings: [String] = []) {
      self.arguments = arguments
      self.warnings = warnings
    }
  }

  private func settled(keeping kept: [Part]) -> Settled {
    Settled(
      arguments: arguments(with: kept),
      warnings: parts.filter { !kept.contains($0) }.map { part in
        "'\(part.setting.key)' does not go with this command line and is left out "
          + "(\(part.setting.position?.place(in: defaults.file) ?? defaults.file))"
      }
    )
  }

  /// Refuses settings that the parser refuses although nothing else is said.
  ///
  /// A setting outside the command's section is left out instead where another command takes it.
  ///
  /// - Parameter complaint: What the parser says of a line, nil where it takes it.
  /// - Throws: `SettingsError` naming the setting that is at fault.
  /// - Returns: The same line with the settings that are the command's.
  func sound(_ complaint: ([String]) -> String?) throws(SettingsError) -> ConfiguredArguments {
    let bare = complaint(alone(with: []))
    // A command may want a text or a model that no file gives: that is no fault of the file.
    guard let fault = complaint(alone(with: parts)), fault != bare else { return self }
    let guilty = parts.first { part in
      complaint(alone(with: parts.filter { $0 != part })) != fault
    }
    if let guilty, !guilty.isOwn, complaint(alone(with: [guilty])) == fault,
      isTakenElsewhere(guilty.setting, complaint)
    {
      var rest = self
      rest.parts.removeAll { $0 == guilty }
      return try rest.sound(complaint)
    }
    throw SettingsError(
      .refused(fault, command: commands.places.last?.command.fullName ?? "hadal"),
      file: defaults.file,
      at: guilty?.setting.position
    )
  }

  /// Whether a command takes a setting without a word more.
  private func isTakenElsewhere(
    _ setting: OptionDefaults.Setting,
    _ complaint: ([String]) -> String?
  ) -> Bool {
    defaults.catalog.root.all.dropFirst().contains { command in
      let other = ConfiguredArguments(command.line, defaults: defaults)
      // Hidden options are there for scripts that give every command the same; they check nothing.
      let parts = other.parts.filter { $0.setting == setting && $0.option.isDisplayed }
      return !parts.isEmpty && complaint(other.alone(with: parts)) == nil
    }
  }

  private func arguments(with parts: [Part]) -> [String] {
    var result: [String] = []
    for (index, word) in typed.enumerated() {
      result += parts.filter { $0.position == index }.flatMap(\.arguments)
      result.append(word)
    }
    return result + parts.filter { $0.position == typed.count }.flatMap(\.arguments)
  }

  /// The commands' names and their settings, without what was typed behind them.
  private func alone(with parts: [Part]) -> [String] {
    // The last two places end at one word where a command is meant that is not named.
    var result = parts.filter { $0.position == 0 }.flatMap(\.arguments)
    var end = 0
    for place in commands.places where place.end > end {
      end = place.end
      result.append(place.command.name)
      result += parts.filter { $0.position == end }.flatMap(\.arguments)
    }
    return result
  }
}
