// SPDX-License-Identifier: Apache-2.0

import JSON
import Yams

/// The keys and values of a configuration file, each with its line; what they mean is not known yet.
///
/// Only YAML's tree of nodes is read: no tag makes a type, no key merges another's values, and a
/// value is the text that stands there.
struct SettingsDocument: Hashable, Sendable {
  /// A plain value.
  struct Scalar: Hashable, Sendable {
    var text: String
    /// Whether it stands without quotes.
    var isPlain: Bool
    var position: SettingsPosition?

    /// Whether it says that there is no value.
    var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// As it is shown in an error.
    var shown: String {
      if isNull { return "empty" }
      let short = text.count > 40 ? text.prefix(40) + "…" : text[...]
      return isPlain ? "'\(short)'" : "the text \"\(short)\""
    }
  }

  /// What stands behind a key.
  indirect enum Value: Hashable, Sendable {
    case scalar(Scalar)
    /// Plain values; nil where an element is none.
    case list([Scalar]?)
    case section([Entry])
  }

  /// A key and its value.
  struct Entry: Hashable, Sendable {
    var key: String
    var position: SettingsPosition?
    var value: Value
    var valuePosition: SettingsPosition?
  }

  var entries: [Entry]

  // LIMIT: commands nest two or three deep.
  static let depthLimit = 8

  /// Reads a file's text.
  ///
  /// - Throws: `SettingsError` where it is no YAML, no mapping, or passes a limit.
  init(_ bytes: [UInt8], file: String) throws(SettingsError) {
    if let offset = UTF8Check.firstFault(in: bytes.span) {
      throw SettingsError(.notUTF8(offset: offset), file: file)
    }
    // Before the parser: it compares whole keys, which aliases can blow up beyond any time.
    try AliasLimit.check(bytes, file: file)
    let text = String(decoding: bytes, as: UTF8.self)
    let reader = NodeReader(file: file)
    guard let root = try Self.root(of: text, file: file) else {
      entries = []
      return
    }
    switch try reader.value(root, depth: 0) {
    case .section(let entries): self.entries = entries
    case .scalar(let scalar) where scalar.isNull: entries = []
    case .scalar(let scalar):
      let fault = SettingsError.Reason.notYAML("a key and a colon are expected")
      throw SettingsError(fault, file: file, at: scalar.position)
    case .list:
      let fault = SettingsError.Reason.notYAML("a list stands where keys are expected")
      throw SettingsError(fault, file: file, at: root.mark.map { SettingsPosition($0) })
    }
  }

  private static func root(of text: String, file: String) throws(SettingsError) -> Node? {
    do {
      // The encoding is given, since the default asks the environment and prints what it found; the
      // basic resolver knows no types.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw SettingsError(error, text: text, file: file)
    } catch {
      throw SettingsError(.notYAML("\(error)"), file: file)
    }
  }
}

/// Turns YAML's nodes into entries.
private struct NodeReader {
  let file: String

  func value(_ node: Node, depth: Int) throws(SettingsError) -> SettingsDocument.Value {
    guard depth < SettingsDocument.depthLimit else {
      throw SettingsError(
        .tooDeep(limit: SettingsDocument.depthLimit),
        file: file,
        at: node.mark.map { SettingsPosition($0) }
      )
    }
    switch node {
    case .scalar(let scalar): return .scalar(try self.scalar(scalar))
    case .sequence(let sequence):
      try requireNoTag(sequence.tag, at: sequence.mark)
      var elements: [SettingsDocument.Scalar] = []
      for element in sequence {
        guard case .scalar(let scalar) = element else { return .list(nil) }
        elements.append(try self.scalar(scalar))
      }
      return .list(elements)
    case .mapping(let mapping):
      try requireNoTag(mapping.tag, at: mapping.mark)
      return .section(try entries(mapping, depth: depth))
    case .alias(let alias):
      throw fault("an alias without a value", at: alias.mark)
    }
  }

  private func scalar(_ scalar: Node.Scalar) throws(SettingsError) -> SettingsDocument.Scalar {
    try requireNoTag(scalar.tag, at: scalar.mark)
    // No argument of a program can hold one.
    guard !scalar.string.utf8.contains(0) else {
      throw fault("a text holds a zero byte", at: scalar.mark)
    }
    return SettingsDocument.Scalar(
      text: scalar.string,
      isPlain: scalar.style == .plain,
      position: scalar.mark.map { SettingsPosition($0) }
    )
  }

  private func entries(
    _ mapping: Node.Mapping,
    depth: Int
  ) throws(SettingsError) -> [SettingsDocument.Entry] {
    var entries: [SettingsDocument.Entry] = []
    var keys: Set<String> = []
    for (key, value) in mapping {
      guard case .scalar(let node) = key else { throw fault("a key is no text", at: key.mark) }
      let name = try scalar(node)
      guard keys.insert(name.text).inserted else {
        throw SettingsError(.duplicateKey(name.text), file: file, at: name.position)
      }
      entries.append(
        SettingsDocument.Entry(
          key: name.text,
          position: name.position,
          value: try self.value(value, depth: depth + 1),
          valuePosition: value.mark.map { SettingsPosition($0) } ?? name.position
        )
      )
    }
    return entries
  }

  /// A tag asks for a type, which is the options' business here.
  private func requireNoTag(_ tag: Tag, at mark: Mark?) throws(SettingsError) {
    // What has none in the file carries the tag of its kind once keys were compared.
    let own: Set<Tag.Name> = [.implicit, .str, .seq, .map]
    guard !own.contains(Tag.Name(rawValue: tag.rawValue)) else { return }
    throw SettingsError(.tag(tag.rawValue), file: file, at: mark.map { SettingsPosition($0) })
  }

  private func fault(_ problem: String, at mark: Mark?) -> SettingsError {
    SettingsError(.notYAML(problem), file: file, at: mark.map { SettingsPosition($0) })
  }
}

extension SettingsError {
  /// What YAML's parser complains about.
  fileprivate init(_ error: YamlError, text: String, file: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let isDeep = problem.hasPrefix("Maximum nesting level")
      self.init(
        isDeep ? .tooDeep(limit: SettingsDocument.depthLimit) : .notYAML(problem),
        file: file,
        at: SettingsPosition(mark)
      )
    case .reader(let problem, let offset, _, _):
      let position = offset.map { SettingsPosition(of: $0, in: Array(text.utf8)) }
      self.init(.notYAML(problem), file: file, at: position)
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      let position = Self.position(of: key, in: text, context.mark)
      self.init(.duplicateKey(key), file: file, at: position)
    case .memory: self.init(.notYAML("memory is short"), file: file)
    case .writer(let problem), .emitter(let problem), .representer(let problem):
      self.init(.notYAML(problem), file: file)
    case .no, .dataCouldNotBeDecoded: self.init(.notYAML("it is no text"), file: file)
    }
  }

  /// A key's second place, as far as it can be told; the parser gives the first.
  private static func position(of key: String, in text: String, _ first: Mark) -> SettingsPosition {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let second = lines.indices.dropFirst(first.line).first { index in
      let start = lines[index].prefix { $0 == " " }
      return start.count == first.column - 1 && lines[index].dropFirst(start.count).hasPrefix(key)
    }
    return SettingsPosition(line: second.map { $0 + 1 } ?? first.line, column: first.column)
  }
}

extension SettingsPosition {
  fileprivate init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
