// SPDX-License-Identifier: Apache-2.0

/// What can be walked over once, each element made when it is asked for.
final class TemplateIterator {
  typealias Step = () throws(TemplateError) -> TemplateValue?

  /// Python's name of the type.
  let typeName: String
  /// The function that made it, as its text names it; nil for iterators of another kind.
  let functionName: String?
  let depth: Int
  private var step: Step?

  /// Creates an iterator.
  ///
  /// - Parameters:
  ///   - typeName: Python's name of the type.
  ///   - functionName: What made it.
  ///   - source: What it walks over.
  ///   - step: Makes the next element; nil at the end.
  /// - Throws: `TemplateError` of kind `limit` for iterators over iterators without end.
  init(
    typeName: String = "generator",
    functionName: String? = nil,
    over source: TemplateValue,
    step: @escaping Step
  ) throws(TemplateError) {
    self.typeName = typeName
    self.functionName = functionName
    depth = try ListBox.depth(over: [source])
    self.step = step
  }

  func next() throws(TemplateError) -> TemplateValue? {
    guard let step else { return nil }
    if let value = try step() { return value }
    self.step = nil
    return nil
  }
}

extension TemplateValue {
  /// The elements, one by one; nil where the value cannot be walked over.
  func makeStep() throws(TemplateError) -> TemplateIterator.Step? {
    switch self {
    case .undefined: return { () throws(TemplateError) in nil }
    case .list(let box), .tuple(let box): return Self.step(over: box.values)
    case .dictionary(let box), .view(.keys, let box): return Self.step(over: box.keys)
    case .view(.values, let box): return Self.step(over: box.values)
    case .view(.items, let box):
      var index = 0
      return { () throws(TemplateError) in
        guard index < box.count else { return nil }
        defer { index += 1 }
        return try box.item(index)
      }
    case .text(let text):
      var index = 0
      return { () throws(TemplateError) in
        guard index < text.count else { return nil }
        defer { index += 1 }
        return .text(text.scalarText(at: index).markup(false))
      }
    case .bytes(let bytes): return Self.step(over: bytes.map { .integer(Int($0)) })
    case .range(let range):
      var index = 0
      return { () throws(TemplateError) in
        guard index < range.count else { return nil }
        defer { index += 1 }
        return range[index]
      }
    case .iterator(let iterator): return { () throws(TemplateError) in try iterator.next() }
    case .object(let object): return object.makeStep()
    case .none, .boolean, .integer, .float: return nil
    }
  }

  private static func step(over values: [TemplateValue]) -> TemplateIterator.Step {
    var index = 0
    return { () throws(TemplateError) in
      guard index < values.count else { return nil }
      defer { index += 1 }
      return values[index]
    }
  }

  /// The elements, one by one.
  ///
  /// - Throws: `TemplateError` of kind `type` where the value cannot be walked over.
  func requiredStep() throws(TemplateError) -> TemplateIterator.Step {
    guard let step = try makeStep() else {
      throw TemplateError(.type, "'\(typeName)' object is not iterable")
    }
    return step
  }

  /// All elements.
  func elements() throws(TemplateError) -> [TemplateValue] {
    switch self {
    case .list(let box), .tuple(let box): return box.values
    case .dictionary(let box), .view(.keys, let box): return box.keys
    case .view(.values, let box): return box.values
    default:
      let step = try requiredStep()
      var values: [TemplateValue] = []
      while let value = try step() { values.append(value) }
      return values
    }
  }

  /// How many elements the value says that it has; nil where it does not say.
  var knownCount: Int? {
    switch self {
    case .undefined: 0
    case .text(let text): text.count
    case .bytes(let bytes): bytes.count
    case .list(let box), .tuple(let box): box.values.count
    case .dictionary(let box), .view(_, let box): box.count
    case .range(let range): range.count
    case .object(let object): object.knownCount
    case .none, .boolean, .integer, .float, .iterator: nil
    }
  }
}
