// SPDX-License-Identifier: Apache-2.0

extension OptionDefaults {
  /// Whether the parser answers a line itself, with help, a version or a script for a shell: then no
  /// file is read, so that a broken one is in nobody's way.
  ///
  /// - Parameter arguments: The command line after the program's name.
  /// - Returns: Whether it does.
  package static func isAnsweredByParser(_ arguments: [String]) -> Bool {
    let words: Set = ["-h", "--help", "--help-hidden", "--version", "--experimental-dump-help"]
    return arguments.first == "help" || arguments.first == "---completion"
      || arguments.prefix { $0 != "--" }.contains { word in
        words.contains(word) || word.hasPrefix("--generate-completion-script")
      }
  }

  /// Reads the file at a location and holds it against the commands.
  ///
  /// - Parameters:
  ///   - location: Where the file lies.
  ///   - catalog: Gives the commands; asked for only where there is a file.
  /// - Throws: `SettingsError` for a file that is at fault, or is named and absent.
  /// - Returns: Nil where there is no file and none was named.
  package static func load(
    _ location: SettingsLocation,
    catalog: () throws(SettingsError) -> CommandCatalog
  ) throws(SettingsError) -> OptionDefaults? {
    guard let bytes = try SettingsFile.bytes(of: location.path) else {
      guard location.isNamed else { return nil }
      throw SettingsError(.missing, file: location.path)
    }
    return try OptionDefaults(bytes, file: location.path, catalog: catalog())
  }

  /// Holds the settings of every command against the parser.
  ///
  /// - Parameter complaint: What the parser says of a line, nil where it takes it.
  /// - Throws: `SettingsError` for the first setting that a command does not take.
  package func requireSound(_ complaint: ([String]) -> String?) throws(SettingsError) {
    for command in catalog.root.all.dropFirst() {
      _ = try ConfiguredArguments(command.line, defaults: self).sound(complaint)
    }
  }
}
