// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import YAML

/// The defaults that a configuration file gives to options, each known to be an option's.
package struct OptionDefaults: Hashable, Sendable {
  /// One key and its value.
  struct Setting: Hashable, Sendable {
    var key: String
    var value: YAMLValue
    /// Where the value begins.
    var position: YAMLPosition?
  }

  /// The keys of one command's section, or those outside all sections.
  struct Section: Hashable, Sendable {
    var settings: [Setting] = []
    /// By the command's name.
    var sections: [String: Section] = [:]
  }

  /// The path of the file.
  let file: String
  /// The commands that it was held against.
  let catalog: CommandCatalog
  let top: Section

  /// Reads a file's bytes and holds its keys against the commands.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes.
  ///   - file: Its path, for errors.
  ///   - catalog: The commands and their options.
  /// - Throws: `SettingsError` for the first fault.
  package init(
    _ bytes: [UInt8],
    file: String,
    catalog: CommandCatalog
  ) throws(SettingsError) {
    self.file = file
    self.catalog = catalog
    let document: YAMLDocument
    do {
      document = try YAMLDocument(bytes, file: file)
    } catch { throw SettingsError(error) }
    top = try SectionReader(file: file, root: catalog.root)
      .section(document.entries, of: catalog.root)
  }

  /// What holds for a command: its own sections' settings before those of the commands above.
  ///
  /// - Parameters:
  ///   - option: An option of the last command of the path.
  ///   - path: The commands from the one below the program down.
  /// - Returns: The setting, what it becomes, and whether it stands in the last command's section;
  ///   nil where none holds.
  func setting(
    of option: SettableOption,
    path: [CommandCatalog.Command]
  ) -> (setting: Setting, arguments: [String], isOwn: Bool)? {
    var sections = [top]
    for command in path {
      guard let next = sections.last?.sections[command.name] else { break }
      sections.append(next)
    }
    for (depth, section) in sections.enumerated().reversed() {
      for setting in section.settings where option.keys.contains(setting.key) {
        // A key outside the sections may suit another command alone: then it is that one's.
        do {
          let arguments = try option.arguments(for: setting.value, key: setting.key, file: file)
          return (setting, arguments, depth == path.count)
        } catch { continue }
      }
    }
    return nil
  }
}

/// Holds the entries of a file against the commands.
private struct SectionReader {
  let file: String
  let root: CommandCatalog.Command

  func section(
    _ entries: [YAMLEntry],
    of command: CommandCatalog.Command
  ) throws(SettingsError) -> OptionDefaults.Section {
    var section = OptionDefaults.Section()
    let takers = command.all.map { command in
      (command: command, options: SettableOption.all(of: command))
    }
    .filter { $0.command != root }
    var seen: [Pair: OptionDefaults.Setting] = [:]
    for entry in entries {
      let candidates = takers.flatMap { taker in
        taker.options.filter { $0.keys.contains(entry.key) }
          .map { Pair(command: taker.command.fullName, option: $0) }
      }
      // Without a value it is the section of a command, whose lines are all commented out.
      if let below = command.command(named: entry.key),
        candidates.isEmpty || entry.value.isSection || entry.value.isNull
      {
        section.sections[below.name] = try sectionBelow(entry, of: below)
        continue
      }
      guard !candidates.isEmpty else { throw unknown(entry, command, takers.map(\.options)) }
      let setting = OptionDefaults.Setting(
        key: entry.key,
        value: entry.value,
        position: entry.valuePosition
      )
      for candidate in candidates {
        if let other = seen.updateValue(setting, forKey: candidate) {
          throw SettingsError(
            .samePlace(key: entry.key, other: other.key),
            file: file,
            at: entry.position
          )
        }
      }
      try requireFit(setting, candidates.map(\.option))
      section.settings.append(setting)
    }
    return section
  }

  /// An option of one command.
  private struct Pair: Hashable {
    var command: String
    var option: SettableOption
  }

  private func sectionBelow(
    _ entry: YAMLEntry,
    of command: CommandCatalog.Command
  ) throws(SettingsError) -> OptionDefaults.Section {
    switch entry.value {
    case .section(let entries, _): return try section(entries, of: command)
    // All lines of the section are commented out.
    case .scalar(let scalar) where scalar.isNull: return OptionDefaults.Section()
    default:
      throw SettingsError(.notSection(entry.key), file: file, at: entry.valuePosition)
    }
  }

  /// The value must be of the kind of at least one of the options.
  private func requireFit(
    _ setting: OptionDefaults.Setting,
    _ options: [SettableOption]
  ) throws(SettingsError) {
    var fault: SettingsError?
    for option in options {
      do {
        _ = try option.arguments(for: setting.value, key: setting.key, file: file)
        return
      } catch {
        fault = fault ?? error
      }
    }
    guard var fault else { return }
    fault.position = setting.position
    throw fault
  }

  private func unknown(
    _ entry: YAMLEntry,
    _ command: CommandCatalog.Command,
    _ options: [[SettableOption]]
  ) -> SettingsError {
    let names = options.joined().filter(\.option.isDisplayed).flatMap(\.keys)
    let commands = command.commands.filter(\.isDisplayed).map(\.name)
    return SettingsError(
      .unknownKey(
        entry.key,
        command: command == root ? nil : command.fullName,
        nearest: NearestName.of(entry.key, in: Set(names + commands).sorted())
      ),
      file: file,
      at: entry.position
    )
  }
}

extension YAMLEntry {
  /// Where the value begins, else the key.
  fileprivate var valuePosition: YAMLPosition? { value.position ?? position }
}

extension YAMLValue {
  fileprivate var isSection: Bool {
    if case .section = self { true } else { false }
  }

  fileprivate var isNull: Bool {
    if case .scalar(let scalar) = self { scalar.isNull } else { false }
  }
}
