// SPDX-License-Identifier: Apache-2.0

import Yams

extension YAMLError {
  /// What YAML's parser complains about.
  init(_ error: YamlError, text: String, file: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let isDeep = problem.hasPrefix("Maximum nesting level")
      self.init(
        isDeep ? .tooDeep(limit: YAMLDocument.depthLimit) : .notYAML(problem),
        file: file,
        at: YAMLPosition(mark)
      )
    case .reader(let problem, let offset, _, _):
      let position = offset.map { YAMLPosition(of: $0, in: Array(text.utf8)) }
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
  private static func position(of key: String, in text: String, _ first: Mark) -> YAMLPosition {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let second = lines.indices.dropFirst(first.line).first { index in
      let start = lines[index].prefix { $0 == " " }
      return start.count == first.column - 1 && lines[index].dropFirst(start.count).hasPrefix(key)
    }
    return YAMLPosition(line: second.map { $0 + 1 } ?? first.line, column: first.column)
  }
}

extension YAMLPosition {
  /// The place that the parser marks.
  init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
