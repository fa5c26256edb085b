// SPDX-License-Identifier: Apache-2.0

/// A value of a running template, with Python's meaning.
enum TemplateValue {
  case undefined(UndefinedCause)
  case none
  case boolean(Bool)
  /// An integer. LIMIT: 128 bits, where Python has no bound; beyond is an error, never a wrong digit.
  case integer(Int128, OriginText.Origin)
  case float(Double, OriginText.Origin)
  case text(OriginText)
  case bytes([UInt8])
  case list(ListBox)
  case tuple(ListBox)
  case dictionary(DictionaryBox)
  case range(RangeValue)
  /// What `keys()`, `values()` and `items()` give.
  case view(DictionaryView, DictionaryBox)
  /// What is walked over once.
  case iterator(TemplateIterator)
  /// What has an identity: namespaces, macros, functions, loops.
  case object(TemplateObject)

  static func integer(_ value: Int) -> TemplateValue { .integer(Int128(value), .template) }

  static func data(_ text: String) -> TemplateValue { .text(OriginText(text, .data)) }

  /// The values of a list as a list.
  static func makeList(_ values: [TemplateValue]) throws(TemplateError) -> TemplateValue {
    .list(try ListBox(values))
  }

  static func makeTuple(_ values: [TemplateValue]) throws(TemplateError) -> TemplateValue {
    .tuple(try ListBox(values))
  }

  var isUndefined: Bool {
    if case .undefined = self { return true }
    return false
  }

  var isNone: Bool {
    if case .none = self { return true }
    return false
  }

  /// The text, nil for other values.
  var text: OriginText? {
    if case .text(let text) = self { return text }
    return nil
  }

  /// Python's name of the type.
  var typeName: String {
    switch self {
    case .undefined: "Undefined"
    case .none: "NoneType"
    case .boolean: "bool"
    case .integer: "int"
    case .float: "float"
    case .text(let text): text.isMarkup ? "Markup" : "str"
    case .bytes: "bytes"
    case .list: "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .range: "range"
    case .view(let view, _): "dict_\(view.rawValue)"
    case .iterator(let iterator): iterator.typeName
    case .object(let object): object.typeName
    }
  }

  /// How deep the containers in it are nested.
  var depth: Int {
    switch self {
    case .list(let box), .tuple(let box): box.depth
    case .dictionary(let box), .view(_, let box): box.depth
    case .iterator(let iterator): iterator.depth
    case .object(let object): object.depth
    default: 0
    }
  }
}

extension TemplateValue {
  /// How many values it holds, those inside its values counted too.
  var elementCount: Int {
    switch self {
    case .list(let box), .tuple(let box): box.elementCount
    case .dictionary(let box), .view(_, let box): box.elementCount
    case .range(let range): range.count
    default: 0
    }
  }
}

/// The elements of a list or a tuple, which never change: templates run in an immutable sandbox.
final class ListBox {
  // LIMIT: deeper values would take the call stack to print, compare or release; JSON that is read
  // nests at most 64 deep.
  static let depthLimit = 200

  // LIMIT: a value that holds another one many times over is as large, to print or to compare, as if
  // it held copies.
  static let elementLimit = 1 << 22

  let values: [TemplateValue]
  let depth: Int
  /// How many values it holds, those inside its values counted too.
  let elementCount: Int

  init(_ values: [TemplateValue]) throws(TemplateError) {
    self.values = values
    depth = try Self.depth(over: values)
    elementCount = try Self.elementCount(of: values)
  }

  static func elementCount(of values: [TemplateValue]) throws(TemplateError) -> Int {
    var total = values.count
    for value in values { total += value.elementCount }
    guard total <= elementLimit else {
      throw TemplateError(.limit, "a value holds more than \(elementLimit) others")
    }
    return total
  }

  static func depth(over values: [TemplateValue]) throws(TemplateError) -> Int {
    var deepest = 0
    for value in values { deepest = max(deepest, value.depth) }
    guard deepest < depthLimit else {
      throw TemplateError(.limit, "values are nested deeper than \(depthLimit) levels")
    }
    return deepest + 1
  }
}

/// What Python's `range` makes.
struct RangeValue: Hashable {
  // LIMIT: the sandbox's own (`MAX_RANGE` of Jinja2).
  static let countLimit = 100_000

  var start: Int
  var stop: Int
  var step: Int

  var count: Int {
    if step > 0 { return stop > start ? (stop - start - 1) / step + 1 : 0 }
    return start > stop ? (start - stop - 1) / -step + 1 : 0
  }

  subscript(index: Int) -> TemplateValue { .integer(start + index * step) }
}

/// The three views of a dictionary.
enum DictionaryView: String {
  case keys
  case values
  case items
}

/// Why a value is undefined, for the error when it is used.
final class UndefinedCause {
  let kind: TemplateError.Kind
  private let describe: () -> String

  init(
    kind: TemplateError.Kind = .undefined,
    _ describe: @escaping @autoclosure () -> String
  ) {
    self.kind = kind
    self.describe = describe
  }

  var error: TemplateError { TemplateError(kind, describe()) }

  static func name(_ name: String) -> UndefinedCause {
    UndefinedCause("\(PythonQuote.quoted(name)) is undefined")
  }
}

/// Names as Python's messages quote them.
enum PythonQuote {
  static func quoted(_ text: String) -> String {
    OriginText(text, .data).representation().string
  }
}
