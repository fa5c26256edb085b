// SPDX-License-Identifier: Apache-2.0

/// Which configuration file is used.
package struct SettingsLocation: Hashable, Sendable {
  /// The path.
  package var path: String
  /// Whether a person named it: then it must exist.
  package var isNamed: Bool

  /// The option that names a file.
  package static let option = "--config"
  /// The variable that does.
  package static let variable = "HADAL_CONFIG"

  /// Creates a location.
  package init(path: String, isNamed: Bool) {
    self.path = path
    self.isNamed = isNamed
  }

  /// Finds the file: the one that `--config` names, else `HADAL_CONFIG`, else
  /// `$XDG_CONFIG_HOME/hadal/config.yaml`, else `~/.config/hadal/config.yaml`.
  ///
  /// Nil where an empty name asks for none, and where there is no home.
  ///
  /// - Parameters:
  ///   - arguments: The command line after the program's name.
  ///   - environment: The variables of the process.
  package init?(arguments: [String], environment: [String: String]) {
    if let named = Self.named(in: arguments) ?? environment[Self.variable] {
      guard !named.isEmpty else { return nil }
      self.init(path: named, isNamed: true)
      return
    }
    // The XDG specification asks to overlook what is not absolute.
    let folder =
      environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.config" }
    guard let folder else { return nil }
    self.init(path: folder + "/hadal/config.yaml", isNamed: false)
  }

  /// The value of the option, the last one's where it comes several times.
  private static func named(in arguments: [String]) -> String? {
    let words = arguments.prefix { $0 != "--" }
    var value: String?
    for (index, word) in words.enumerated() {
      if word == option, index + 1 < words.count {
        value = words[index + 1]
      } else if word.hasPrefix(option + "=") {
        value = String(word.dropFirst(option.count + 1))
      }
    }
    return value
  }
}
