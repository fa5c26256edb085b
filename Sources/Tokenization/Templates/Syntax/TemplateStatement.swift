// SPDX-License-Identifier: Apache-2.0

/// A statement of a template.
///
/// Scopes are numbered like names.
struct TemplateStatement: Sendable {
  indirect enum Kind: Sendable {
    case output([OutputPart])
    case branch([TemplateBranch], [TemplateStatement])
    case loop(TemplateLoop)
    case assign(AssignmentTarget, TemplateExpression)
    case capture(AssignmentTarget, filter: TemplateExpression?, [TemplateStatement], scope: Int)
    case macro(TemplateMacro, name: String, id: Int)
    case callBlock(TemplateMacro, call: TemplateExpression)
    /// A block of which the published environment only notes where its text stands.
    case generation(TemplateMacro)
    case filterBlock(TemplateExpression, [TemplateStatement], scope: Int)
    case with(
      [(target: AssignmentTarget, value: TemplateExpression)],
      [TemplateStatement],
      scope: Int
    )
    case autoescape(TemplateExpression, [TemplateStatement], scope: Int)
    case block(name: String)
    case breakLoop
    case continueLoop
  }

  let kind: Kind
  let position: TemplatePosition
}

/// A test of an `if` and what is run where it holds.
struct TemplateBranch: Sendable {
  var test: TemplateExpression
  var body: [TemplateStatement]
  /// Where the test begins; at the tag for the first one.
  var position: TemplatePosition
}

/// A part of what is written: text of the template, or the value of an expression.
enum OutputPart: Sendable {
  case text(OriginText)
  case value(TemplateExpression)
}

/// What is assigned to.
indirect enum AssignmentTarget: Sendable {
  case name(String, Int)
  case namespaceAttribute(String, Int, attribute: String)
  case tuple([AssignmentTarget])

  /// The names that it binds and those that it reads.
  var names: [(name: String, id: Int, isStored: Bool)] {
    switch self {
    case .name(let name, let id): [(name: name, id: id, isStored: true)]
    case .namespaceAttribute(let name, let id, _): [(name: name, id: id, isStored: false)]
    case .tuple(let targets): targets.flatMap(\.names)
    }
  }
}

struct TemplateLoop: Sendable {
  var target: AssignmentTarget
  /// The loop's target once more: the names of the test are variables of its own.
  var testTarget: AssignmentTarget
  var iterable: TemplateExpression
  var test: TemplateExpression?
  var isRecursive: Bool
  var body: [TemplateStatement]
  var otherwise: [TemplateStatement]
  var bodyScope: Int
  var testScope: Int
  var otherwiseScope: Int
  /// The number under which `loop` itself is stored.
  var loopID: Int
  /// The function of a recursive loop.
  var function: Int
}

/// A macro, or the body of a call block.
struct TemplateMacro: Sendable {
  var name: String?
  var parameters: [(name: String, id: Int)]
  /// The defaults of the last parameters.
  var defaults: [TemplateExpression]
  var body: [TemplateStatement]
  var scope: Int
  var function: Int
  /// The numbers of `caller`, `kwargs` and `varargs`.
  var callerID: Int
  var keywordsID: Int
  var extrasID: Int
  var position: TemplatePosition
}
