// SPDX-License-Identifier: Apache-2.0

import Yams

/// Turns the parser's nodes into values.
struct NodeReader {
  private let file: String
  private let valueLimit: Int
  private var valueCount = 0

  /// Creates a reader for a file of so many bytes.
  init(file: String, byteCount: Int) {
    self.file = file
    // LIMIT: each value takes a byte or more, so that aliases alone can make more of them; some six
    // megabytes of values may come of a file of any size.
    valueLimit = max(1 << 16, byteCount)
  }

  /// Reads a node and all below it.
  mutating func value(_ node: Node, depth: Int) throws(YAMLError) -> YAMLValue {
    guard depth < YAMLDocument.depthLimit else {
      throw YAMLError(
        .tooDeep(limit: YAMLDocument.depthLimit),
        file: file,
        at: node.mark.map { YAMLPosition($0) }
      )
    }
    switch node {
    case .scalar(let scalar): return .scalar(try self.scalar(scalar))
    case .sequence(let sequence):
      try count(at: sequence.mark)
      try requireNoTag(sequence.tag, at: sequence.mark)
      return .list(
        try elements(sequence, depth: depth),
        sequence.mark.map { YAMLPosition($0) }
      )
    case .mapping(let mapping):
      try count(at: mapping.mark)
      try requireNoTag(mapping.tag, at: mapping.mark)
      return .section(
        try entries(mapping, depth: depth),
        mapping.mark.map { YAMLPosition($0) }
      )
    case .alias(let alias):
      throw fault("an alias without a value", at: alias.mark)
    }
  }

  private mutating func scalar(_ scalar: Node.Scalar) throws(YAMLError) -> YAMLScalar {
    try count(at: scalar.mark)
    return try text(scalar)
  }

  /// A key or a plain value.
  private func text(_ scalar: Node.Scalar) throws(YAMLError) -> YAMLScalar {
    try requireNoTag(scalar.tag, at: scalar.mark)
    // No argument of a program and no path can hold one.
    guard !scalar.string.utf8.contains(0) else {
      throw fault("a text holds a zero byte", at: scalar.mark)
    }
    return YAMLScalar(
      text: scalar.string,
      isPlain: scalar.style == .plain,
      position: scalar.mark.map { YAMLPosition($0) }
    )
  }

  private mutating func elements(
    _ sequence: Node.Sequence,
    depth: Int
  ) throws(YAMLError) -> [YAMLValue] {
    var elements: [YAMLValue] = []
    for element in sequence {
      // A list of plain values is no deeper than one of them.
      if case .scalar(let scalar) = element {
        elements.append(.scalar(try self.scalar(scalar)))
      } else {
        elements.append(try value(element, depth: depth + 1))
      }
    }
    return elements
  }

  private mutating func entries(
    _ mapping: Node.Mapping,
    depth: Int
  ) throws(YAMLError) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var keys: Set<String> = []
    for (key, value) in mapping {
      guard case .scalar(let node) = key else { throw fault("a key is no text", at: key.mark) }
      let name = try text(node)
      guard keys.insert(name.text).inserted else {
        throw YAMLError(.duplicateKey(name.text), file: file, at: name.position)
      }
      entries.append(
        YAMLEntry(
          key: name.text,
          position: name.position,
          value: try self.value(value, depth: depth + 1)
        )
      )
    }
    return entries
  }

  private mutating func count(at mark: Mark?) throws(YAMLError) {
    valueCount += 1
    guard valueCount <= valueLimit else {
      throw YAMLError(.swollen, file: file, at: mark.map { YAMLPosition($0) })
    }
  }

  /// A tag asks for a type, which is the business of who knows the key.
  private func requireNoTag(_ tag: Tag, at mark: Mark?) throws(YAMLError) {
    // What has none in the file carries the tag of its kind once keys were compared.
    let own: Set<Tag.Name> = [.implicit, .str, .seq, .map]
    guard !own.contains(Tag.Name(rawValue: tag.rawValue)) else { return }
    throw YAMLError(.tag(tag.rawValue), file: file, at: mark.map { YAMLPosition($0) })
  }

  private func fault(_ problem: String, at mark: Mark?) -> YAMLError {
    YAMLError(.notYAML(problem), file: file, at: mark.map { YAMLPosition($0) })
  }
}
