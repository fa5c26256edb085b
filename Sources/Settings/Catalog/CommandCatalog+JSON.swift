// SPDX-License-Identifier: Apache-2.0

package import JSON

extension CommandCatalog {
  /// Reads what the parser writes for `--experimental-dump-help` (its `ToolInfoV0`).
  ///
  /// - Parameter json: The text.
  /// - Throws: `JSONError` where it is no JSON; a member that is missing counts as empty.
  package init(json: String) throws(JSONError) {
    let document = try JSONDocument(Array(json.utf8))
    root = Command(document.root["command"], below: [])
    // The parser adds a command that shows help; it takes no option that could have a default.
    root.commands.removeAll { $0.name == "help" }
  }
}

extension CommandCatalog.Command {
  fileprivate init(_ json: JSONValue?, below parents: [String]) {
    let name = json?["commandName"]?.string ?? ""
    self.init(
      name: name,
      parents: parents,
      aliases: json?["aliases"].strings ?? [],
      abstract: json?["abstract"]?.string ?? "",
      discussion: Discussion(json?["discussion"]?.string ?? ""),
      options: json?["arguments"]?.array?.map { CommandCatalog.Option($0) } ?? [],
      commands: json?["subcommands"]?.array?.map {
        CommandCatalog.Command($0, below: parents + [name])
      } ?? [],
      defaultCommand: json?["defaultSubcommand"]?.string,
      isDisplayed: json?["shouldDisplay"]?.boolean ?? true
    )
  }
}

extension CommandCatalog.Option {
  // How the parser reads the value of an option that takes one and no more.
  private static let singleStrategies: Set<String> = [
    "default", "scanningForValue", "unconditional",
  ]

  fileprivate init(_ json: JSONValue) {
    self.init(
      kind: Kind(rawValue: json["kind"]?.string ?? "") ?? .positional,
      names: json["names"]?.array?.compactMap { CommandCatalog.Name($0) } ?? [],
      valueName: json["valueName"]?.string ?? "",
      abstract: json["abstract"]?.string ?? "",
      discussion: json["discussion"]?.string ?? "",
      defaultValue: json["defaultValue"]?.string,
      values: json["allValues"].strings,
      isRepeating: json["isRepeating"]?.boolean ?? false,
      isOptional: json["isOptional"]?.boolean ?? false,
      isDisplayed: json["shouldDisplay"]?.boolean ?? true,
      takesOneValue: Self.singleStrategies.contains(json["parsingStrategy"]?.string ?? "")
    )
  }
}

extension CommandCatalog.Name {
  fileprivate init?(_ json: JSONValue) {
    guard let name = json["name"]?.string, let kind = json["kind"]?.string else { return nil }
    self.init(key: name, spelling: (kind == "long" ? "--" : "-") + name)
  }
}

extension JSONValue? {
  /// The strings of an array.
  fileprivate var strings: [String] { self?.array?.compactMap(\.string) ?? [] }
}
