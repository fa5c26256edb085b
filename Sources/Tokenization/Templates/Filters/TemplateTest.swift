// SPDX-License-Identifier: Apache-2.0

/// The tests of Jinja2 3.1.
enum TemplateTest: String, Sendable {
  case boolean, callable, defined, divisibleby, eq, escaped, even
  case isFalse = "false"
  case filter, float, ge, gt
  case contained = "in"
  case integer, iterable, le, lower, lt, mapping, ne, none, number, odd, sameas, sequence, string,
    test
  case isTrue = "true"
  case undefined, upper

  /// The test of a name; nil for a name that no template may use.
  init?(named name: String) {
    switch name {
    case "==", "equalto": self = .eq
    case "!=": self = .ne
    case ">", "greaterthan": self = .gt
    case ">=": self = .ge
    case "<", "lessthan": self = .lt
    case "<=": self = .le
    default:
      guard let test = TemplateTest(rawValue: name) else { return nil }
      self = test
    }
  }

  fileprivate var parameters: [String] {
    switch self {
    case .divisibleby: ["num"]
    case .eq, .ne, .lt, .le, .gt, .ge: ["b"]
    case .contained: ["seq"]
    case .sameas: ["other"]
    default: []
    }
  }
}

extension TemplateRun {
  /// Whether a test holds for a value.
  func holds(
    _ test: TemplateTest,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> Bool {
    let names = test.parameters
    let given = try arguments.bound("test_\(test.rawValue)", names, required: names.count)
    if let other = given.first ?? nil { return try holds(test, value, other) }
    switch test {
    case .boolean: if case .boolean = value { return true }
    case .defined: return !value.isUndefined
    case .undefined: return value.isUndefined
    case .none: return value.isNone
    case .isTrue: if case .boolean(true) = value { return true }
    case .isFalse: if case .boolean(false) = value { return true }
    case .string: return value.text != nil
    case .escaped: return value.text?.isMarkup ?? false
    case .number: return value.number != nil
    case .integer: if case .integer = value { return true }
    case .float: if case .float = value { return true }
    case .mapping: if case .dictionary = value { return true }
    case .sequence: return Self.isSequence(value)
    case .iterable: return try value.makeStep() != nil || value.isLoop
    case .callable:
      if value.isUndefined { return true }
      if case .object(let object) = value { return object.isCallable }
    case .odd, .even:
      let remainder = try arithmetic(.remainder, value, .integer(2))
      return try areEqual(remainder, .integer(test == .odd ? 1 : 0))
    case .lower, .upper:
      let method: ValueMethod = test == .lower ? .islower : .isupper
      return try call(method, on: text(of: value), CallArguments()).truth
    case .filter:
      let name = try hashedName(value)
      return name.flatMap { TemplateFilter(named: $0) }.map { $0 != .fromJSON } ?? false
    case .test: return try hashedName(value).flatMap { TemplateTest(named: $0) } != nil
    default: break
    }
    return false
  }

  private func holds(
    _ test: TemplateTest,
    _ value: TemplateValue,
    _ other: TemplateValue
  ) throws(TemplateError) -> Bool {
    switch test {
    case .eq: return try compare(.equal, value, other)
    case .ne: return try compare(.notEqual, value, other)
    case .lt: return try compare(.less, value, other)
    case .le: return try compare(.lessOrEqual, value, other)
    case .gt: return try compare(.greater, value, other)
    case .ge: return try compare(.greaterOrEqual, value, other)
    case .contained: return try compare(.contained, value, other)
    case .sameas: return try isSame(value, other)
    case .divisibleby:
      return try areEqual(arithmetic(.remainder, value, other), .integer(0))
    default: return false
    }
  }

  private func hashedName(_ value: TemplateValue) throws(TemplateError) -> String? {
    _ = try HashableValue(value)
    return value.text?.string
  }

  private static func isSequence(_ value: TemplateValue) -> Bool {
    switch value {
    case .text, .bytes, .list, .tuple, .dictionary, .range, .undefined: true
    case .object(let object): object is GroupObject
    default: false
    }
  }

  /// Whether both are one and the same value, as Python's `is` asks.
  ///
  /// Equal small values of one type are one.
  private func isSame(
    _ left: TemplateValue,
    _ right: TemplateValue
  ) throws(TemplateError) -> Bool {
    switch (left, right) {
    case (.list(let left), .list(let right)): left === right
    case (.tuple(let left), .tuple(let right)):
      left === right || (left.values.isEmpty && right.values.isEmpty)
    case (.dictionary(let left), .dictionary(let right)): left === right
    case (.undefined(let left), .undefined(let right)): left === right
    case (.view, _), (.float, _), (.bytes, _): false
    default: left.typeName == right.typeName ? try areEqual(left, right) : false
    }
  }
}

extension TemplateValue {
  /// Whether this is the variable `loop`, which can be walked over in Python.
  fileprivate var isLoop: Bool {
    if case .object(let object) = self { return object is LoopObject }
    return false
  }
}
