// SPDX-License-Identifier: Apache-2.0

/// An expression of a template.
///
/// Names are numbered; `TemplateScopes` says where each number's variable lies, so the tree is never
/// rewritten.
final class TemplateExpression: Sendable {
  // LIMIT: one expression's depth; deeper ones would take the call stack to evaluate or release.
  // CPython refuses to compile what Jinja2 makes of about 200.
  static let depthLimit = 200

  indirect enum Kind: Sendable {
    case constant(TemplateConstant)
    case name(String, Int)
    case list([TemplateExpression])
    case tuple([TemplateExpression])
    case dictionary([(key: TemplateExpression, value: TemplateExpression)])
    case attribute(TemplateExpression, AttributeName)
    case item(TemplateExpression, TemplateExpression)
    case slice(TemplateExpression?, TemplateExpression?, TemplateExpression?)
    case call(TemplateExpression, TemplateArguments)
    /// The input is nil in filter and set blocks, where it is the block's text.
    case filter(TemplateExpression?, TemplateFilter, TemplateArguments)
    case test(TemplateExpression, TemplateTest, TemplateArguments)
    case negate(TemplateExpression)
    case plus(TemplateExpression)
    case not(TemplateExpression)
    case and(TemplateExpression, TemplateExpression)
    case or(TemplateExpression, TemplateExpression)
    case arithmetic(ArithmeticOperator, TemplateExpression, TemplateExpression)
    case comparison(TemplateExpression, [(ComparisonOperator, TemplateExpression)])
    case concatenation([TemplateExpression])
    case conditional(
      test: TemplateExpression,
      then: TemplateExpression,
      otherwise: TemplateExpression?
    )
  }

  let kind: Kind
  let position: TemplatePosition
  let depth: Int

  init(_ kind: Kind, _ position: TemplatePosition) throws(TemplateError) {
    self.kind = kind
    self.position = position
    var deepest = 0
    for child in Self.children(of: kind) { deepest = max(deepest, child.depth) }
    guard deepest < Self.depthLimit else {
      throw TemplateError(
        .limit,
        "an expression is nested deeper than \(Self.depthLimit) levels"
      ).at(position)
    }
    depth = deepest + 1
  }

  /// The expressions that it is made of, in the order in which they are read.
  var children: [TemplateExpression] { Self.children(of: kind) }

  private static func children(of kind: Kind) -> [TemplateExpression] {
    switch kind {
    case .constant, .name: []
    case .list(let items), .tuple(let items), .concatenation(let items): items
    case .dictionary(let members): members.flatMap { [$0.key, $0.value] }
    case .attribute(let base, _), .negate(let base), .plus(let base), .not(let base): [base]
    case .item(let base, let key): [base, key]
    case .slice(let start, let stop, let step): [start, stop, step].compactMap { $0 }
    case .call(let function, let arguments): [function] + arguments.expressions
    case .filter(let base, _, let arguments):
      (base.map { [$0] } ?? []) + arguments.expressions
    case .test(let base, _, let arguments): [base] + arguments.expressions
    case .and(let left, let right), .or(let left, let right), .arithmetic(_, let left, let right):
      [left, right]
    case .comparison(let first, let others): [first] + others.map(\.1)
    case .conditional(let test, let then, let otherwise):
      [test, then] + (otherwise.map { [$0] } ?? [])
    }
  }
}

/// A literal.
enum TemplateConstant: Sendable {
  case none
  case boolean(Bool)
  case integer(Int128)
  case float(Double)
  case text(OriginText)

  var value: TemplateValue {
    switch self {
    case .none: .none
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(value, .template)
    case .float(let value): .float(value, .template)
    case .text(let text): .text(text)
    }
  }
}

/// A name behind a dot, and the methods that it may mean.
struct AttributeName: Sendable {
  let name: String
  let text: OriginText
  let method: ValueMethod?

  init(_ name: String) {
    self.name = name
    text = OriginText(name, .template)
    method = ValueMethod(rawValue: name)
  }
}

/// What stands between the parentheses of a call.
struct TemplateArguments: Sendable {
  var positional: [TemplateExpression] = []
  var named: [(name: String, value: TemplateExpression)] = []
  var unpacked: TemplateExpression?
  var unpackedNamed: TemplateExpression?

  var expressions: [TemplateExpression] {
    positional + named.map(\.value) + [unpacked, unpackedNamed].compactMap { $0 }
  }
}

enum ArithmeticOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "** or pow()"
}

enum ComparisonOperator: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contained = "in"
  case notContained = "not in"
}
