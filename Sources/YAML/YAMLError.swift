// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What makes a text no file of keys and values, and where.
public struct YAMLError: DiagnosableError, Hashable, Sendable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The file is not UTF-8.
    case notUTF8(offset: Int)
    /// The file is no YAML.
    case notYAML(String)
    /// The file refers to its own parts too often.
    case tooManyAliases(limit: Int)
    /// What the file refers to stands for more values than it has bytes.
    case swollen
    /// The file nests deeper than what is set in files.
    case tooDeep(limit: Int)
    /// A value has a tag.
    case tag(String)
    /// A key comes twice.
    case duplicateKey(String)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The path of the file.
  public var file: String
  /// The place in the file, where one is concerned.
  public var position: YAMLPosition?

  /// Creates an error.
  public init(_ reason: Reason, file: String, at position: YAMLPosition? = nil) {
    self.reason = reason
    self.file = file
    self.position = position
  }

  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .notUTF8(let offset): "byte \(offset) of the file is not valid UTF-8"
    case .notYAML(let problem): "the YAML cannot be read: \(problem)"
    case .tooManyAliases(let limit): "there are more than \(limit) aliases (*name)"
    case .swollen: "the aliases (*name) stand for more values than the file has bytes"
    case .tooDeep(let limit): "keys are nested deeper than \(limit) levels"
    case .tag(let tag): "a value has the tag '\(tag)'; tags are not read"
    case .duplicateKey(let key): "key '\(key)' comes twice"
    }
  }

  /// The file, the line and the column.
  public var place: String? { position?.place(in: file) ?? file }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .notUTF8: "save it as UTF-8"
    case .notYAML: "key: value, one a line; sections indented by spaces"
    case .tooManyAliases, .swollen, .tooDeep: "a file of keys and their values alone"
    case .tag: "the value alone; quotes make it a text"
    case .duplicateKey: "keep one of the two"
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode { .configuration }
}
