// SPDX-License-Identifier: Apache-2.0

import YAML

/// What a key of a configuration file sets: one option of a command, or two flags that are opposites.
struct SettableOption: Hashable, Sendable {
  /// The option; of two opposites the one that says yes.
  var option: CommandCatalog.Option
  /// The flag that says no, where there is one.
  var opposite: CommandCatalog.Option?

  /// The keys that set it.
  var keys: [String] { Self.keys(of: option) + (opposite.map(Self.keys) ?? []) }

  /// The names that set it on the command line.
  var names: [CommandCatalog.Name] { option.names + (opposite?.names ?? []) }

  /// Whether a command line gives one of the names.
  ///
  /// Short flags may stand together (`-vq`).
  func isGiven(in arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains { word in
      guard word.hasPrefix("-"), word != "-" else { return false }
      let start = word.prefix { $0 != "=" }
      return names.contains { name in
        if name.spelling == start { return true }
        guard name.isShort, !word.hasPrefix("--"), start.count > 2 else { return false }
        let letters = start.dropFirst()
        return option.kind == .flag ? letters.contains(name.key) : letters.hasPrefix(name.key)
      }
    }
  }

  /// Whether a key names the flag that says no.
  func isOpposite(_ key: String) -> Bool {
    opposite.map { Self.keys(of: $0).contains(key) } ?? false
  }

  /// Long names; a short one where there is no other.
  private static func keys(of option: CommandCatalog.Option) -> [String] {
    let long = option.names.filter { !$0.isShort }
    return (long.isEmpty ? option.names : long).map(\.key)
  }

  /// All that can be set for a command.
  static func all(of command: CommandCatalog.Command) -> [SettableOption] {
    let options = command.options.filter { $0.kind != .positional && !$0.asksParser }
    let flags = options.filter { $0.kind == .flag && !$0.isRepeating }
    var paired: Set<CommandCatalog.Option> = []
    var opposites: [CommandCatalog.Option: CommandCatalog.Option] = [:]
    for flag in flags {
      let names = Set(keys(of: flag).map { "no-" + $0 })
      guard let negative = flags.first(where: { !names.isDisjoint(with: keys(of: $0)) }) else {
        continue
      }
      opposites[flag] = negative
      paired.insert(negative)
    }
    return options.filter { !paired.contains($0) }
      .map { SettableOption(option: $0, opposite: opposites[$0]) }
  }

  /// The arguments that say what a value says.
  ///
  /// - Parameters:
  ///   - value: The value that stands behind the key.
  ///   - key: One of `keys`.
  ///   - file: The file, for errors.
  /// - Throws: `SettingsError` where the value is of another kind than the option's.
  /// - Returns: None where a flag is false and has no opposite.
  func arguments(
    for value: YAMLValue,
    key: String,
    file: String
  ) throws(SettingsError) -> [String] {
    guard let name = option.mainName?.spelling, option.takesOneValue,
      option.kind == .option || !option.isRepeating
    else { throw SettingsError(.notSettable(key), file: file) }
    guard option.kind == .flag else {
      guard let texts = texts(value) else {
        throw unfit(key, value, option.isRepeating ? .values : .value, file)
      }
      return texts.map { "\(name)=\($0)" }
    }
    guard let boolean = boolean(value) else { throw unfit(key, value, .boolean, file) }
    if boolean != isOpposite(key) { return [name] }
    return opposite?.mainName.map { [$0.spelling] } ?? []
  }

  private func unfit(
    _ key: String,
    _ value: YAMLValue,
    _ expected: SettingsError.Expectation,
    _ file: String
  ) -> SettingsError {
    SettingsError(.unfit(key, found: value.shown, expected: expected), file: file)
  }

  private func boolean(_ value: YAMLValue) -> Bool? {
    guard case .scalar(let scalar) = value, scalar.isPlain else { return nil }
    switch scalar.text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }

  /// One text, or those of a list; nil where one is missing or is none.
  private func texts(_ value: YAMLValue) -> [String]? {
    let scalars: [YAMLScalar]
    switch value {
    case .scalar(let scalar): scalars = [scalar]
    case .list(let elements, _) where option.isRepeating:
      scalars = elements.compactMap(\.scalar)
      guard scalars.count == elements.count else { return nil }
    case .list, .section: return nil
    }
    return scalars.contains(where: \.isNull) ? nil : scalars.map(\.text)
  }
}

extension YAMLValue {
  /// A plain value; nil for a list and a section.
  fileprivate var scalar: YAMLScalar? {
    if case .scalar(let scalar) = self { scalar } else { nil }
  }

  /// As it is shown in an error.
  fileprivate var shown: String {
    switch self {
    case .scalar(let scalar): scalar.shown
    case .list(let elements, _) where elements.contains(where: { $0.scalar == nil }):
      "a list of more than values"
    case .list(let elements, _) where elements.contains(where: { $0.scalar?.isNull == true }):
      "a list with an empty place"
    case .list: "a list"
    case .section: "a section with keys"
    }
  }
}
