// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import FoundationEssentials
import Settings

/// Parses a command line with the defaults of config.yaml behind it.
enum ConfiguredCommand {
  /// Parses a line.
  ///
  /// - Parameter arguments: The line as it was typed; afterwards the line that was parsed.
  /// - Throws: `SettingsError` where the file is at fault, else the parser's error.
  /// - Returns: The command, ready to run.
  static func parse(_ arguments: inout [String]) throws -> any ParsableCommand {
    let typed = arguments
    do {
      let settled = try settled(typed)
      for warning in settled.warnings { Output.errorLine("hadal: \(warning)") }
      arguments = settled.arguments
    } catch {
      // Doctor works without the file, and says what is wrong with it.
      guard let command = try? Hadal.parseAsRoot(typed), command is DoctorCommand else {
        throw error
      }
    }
    return try Hadal.parseAsRoot(arguments)
  }

  private static func settled(
    _ typed: [String]
  ) throws(SettingsError) -> ConfiguredArguments.Settled {
    // Without a word there is no command, only help or the version.
    guard typed.contains(where: { !$0.hasPrefix("-") }),
      !OptionDefaults.isAnsweredByParser(typed), let location = location(typed),
      let defaults = try OptionDefaults.load(location, catalog: ParserVerdict.catalog)
    else { return ConfiguredArguments.Settled(arguments: typed) }
    return try ConfiguredArguments(typed, defaults: defaults).settled(ParserVerdict.complaint)
  }

  private static func location(_ typed: [String]) -> SettingsLocation? {
    SettingsLocation(arguments: typed, environment: ProcessInfo.processInfo.environment)
  }

  /// The file in use and what is wrong with it, for any command.
  struct State {
    /// Nil where no file is used.
    var path: String?
    /// Nil where nothing is.
    var fault: String?
  }

  /// Looks at the file that a line uses.
  static func state(_ typed: [String]) -> State {
    guard let location = location(typed) else { return State() }
    do {
      let defaults = try OptionDefaults.load(location, catalog: ParserVerdict.catalog)
      guard let defaults else { return State() }
      try defaults.requireSound(ParserVerdict.complaint)
      return State(path: location.path)
    } catch {
      return State(path: location.path, fault: error.description)
    }
  }
}
