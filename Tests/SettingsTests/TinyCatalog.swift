// SPDX-License-Identifier: Apache-2.0

import Settings

/// A program with a few commands, described as the parser describes one.
enum TinyCatalog {
  static let json = """
    {"serializationVersion": 0, "command": {"commandName": "tiny", "abstract": "Does little.",
      "discussion": "Start with:\\n  tiny run x",
      "arguments": [\(flag("version")), \(option("config"))],
      "subcommands": [
        {"commandName": "run", "aliases": ["r"], "abstract": "Runs.", "arguments": [
          {"kind": "positional", "valueName": "prompt", "isOptional": true},
          \(option("model", short: "m")), \(option("temperature")), \(option("threads")),
          \(option("stop", isRepeating: true)), \(flag("json")), \(flag("think")),
          \(flag("no-think")), \(flag("verbose", short: "v", isRepeating: true)),
          \(option("files", isRepeating: true, strategy: "upToNextOption")), \(flag("help"))]},
        {"commandName": "bench", "abstract": "Measures.", "arguments": [
          \(option("model", short: "m")), \(option("depth")), \(option("json")),
          \(option("temperature")), \(option("secret", isShown: false))]},
        {"commandName": "train", "abstract": "Trains.", "defaultSubcommand": "start",
          "arguments": [\(option("out"))], "subcommands": [
            {"commandName": "start", "arguments": [\(option("steps")), \(option("model"))]},
            {"commandName": "check", "arguments": [\(option("steps"))]}]},
        {"commandName": "help", "arguments": []}]}}
    """

  static func catalog() throws -> CommandCatalog { try CommandCatalog(json: json) }

  static func defaults(_ yaml: String) throws -> OptionDefaults {
    try OptionDefaults(Array(yaml.utf8), file: "c.yaml", catalog: catalog())
  }

  /// The line that a file makes of a line.
  static func line(_ typed: [String], _ yaml: String) throws -> [String] {
    try ConfiguredArguments(typed, defaults: defaults(yaml)).arguments
  }

  private static func option(
    _ name: String,
    short: String? = nil,
    isRepeating: Bool = false,
    strategy: String = "default",
    isShown: Bool = true
  ) -> String {
    """
    {"kind": "option", "names": \(names(name, short)), "valueName": "\(name)", "isOptional": true,
     "isRepeating": \(isRepeating), "parsingStrategy": "\(strategy)", "shouldDisplay": \(isShown),
     "abstract": "Sets \(name)."}
    """
  }

  private static func flag(
    _ name: String,
    short: String? = nil,
    isRepeating: Bool = false
  ) -> String {
    """
    {"kind": "flag", "names": \(names(name, short)), "isOptional": true, "valueName": "\(name)",
     "isRepeating": \(isRepeating), "parsingStrategy": "default", "abstract": "Asks for \(name)."}
    """
  }

  private static func names(_ name: String, _ short: String?) -> String {
    let short = short.map { "{\"kind\": \"short\", \"name\": \"\($0)\"}, " } ?? ""
    return "[\(short){\"kind\": \"long\", \"name\": \"\(name)\"}]"
  }
}
