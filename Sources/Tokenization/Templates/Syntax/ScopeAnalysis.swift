// SPDX-License-Identifier: Apache-2.0

/// Notes the names of a scope's statements, without going into scopes inside it
/// (`FrameSymbolVisitor` in Jinja2).
extension ScopeSymbols {
  func analyze(_ statements: [TemplateStatement]) {
    for statement in statements { analyze(statement) }
  }

  func analyze(_ expressions: [TemplateExpression]) {
    for expression in expressions { analyze(expression) }
  }

  func analyze(_ expression: TemplateExpression) {
    if case .name(let name, _) = expression.kind { load(name) }
    for child in expression.children { analyze(child) }
  }

  func analyze(_ target: AssignmentTarget, asParameter: Bool = false) {
    for name in target.names {
      if asParameter {
        declareParameter(name.name)
      } else if name.isStored {
        store(name.name)
      } else {
        load(name.name)
      }
    }
  }

  private func analyze(_ statement: TemplateStatement) {
    switch statement.kind {
    case .output(let parts):
      for case .value(let expression) in parts { analyze(expression) }
    case .branch(let branches, let otherwise): analyze(branches, otherwise)
    case .loop(let loop): analyze(loop.iterable)
    case .assign(let target, let value):
      analyze(value)
      analyze(target)
    case .capture(let target, _, _, _): analyze(target)
    case .macro(_, let name, _): store(name)
    case .callBlock(_, let call): analyze(call)
    case .filterBlock(let filter, _, _): analyze(filter)
    case .with(let members, _, _): analyze(members.map(\.value))
    case .generation, .autoescape, .block, .breakLoop, .continueLoop: break
    }
  }

  private func analyze(
    _ branches: [TemplateBranch],
    _ otherwise: [TemplateStatement]
  ) {
    guard let first = branches.first else { return }
    analyze(first.test)
    let body = copy()
    body.analyze(first.body)
    let others = copy()
    for branch in branches.dropFirst() { others.analyze([branch], []) }
    let last = copy()
    last.analyze(otherwise)
    merge([body, others, last])
  }
}

/// Whether a body reads a name that it has not set before (`find_undeclared` in Jinja2).
struct UndeclaredNames {
  private let sought: Set<String>
  private var stored: Set<String> = []
  private(set) var found: Set<String> = []

  init(_ sought: Set<String>) { self.sought = sought }

  static func of(_ statements: [TemplateStatement], _ sought: Set<String>) -> Set<String> {
    var names = UndeclaredNames(sought)
    names.visit(statements)
    return names.found
  }

  mutating func visit(_ statements: [TemplateStatement]) {
    for statement in statements { visit(statement) }
  }

  private mutating func visit(_ expression: TemplateExpression) {
    if case .name(let name, _) = expression.kind, sought.contains(name), !stored.contains(name) {
      found.insert(name)
    }
    for child in expression.children { visit(child) }
  }

  private mutating func visit(_ target: AssignmentTarget) {
    for name in target.names where name.isStored { stored.insert(name.name) }
  }

  private mutating func visit(_ macro: TemplateMacro) {
    for parameter in macro.parameters { stored.insert(parameter.name) }
    for value in macro.defaults { visit(value) }
    visit(macro.body)
  }

  private mutating func visit(_ statement: TemplateStatement) {
    switch statement.kind {
    case .output(let parts):
      for case .value(let expression) in parts { visit(expression) }
    case .branch(let branches, let otherwise):
      for branch in branches {
        visit(branch.test)
        visit(branch.body)
      }
      visit(otherwise)
    case .loop(let loop):
      visit(loop.target)
      visit(loop.iterable)
      visit(loop.body)
      visit(loop.otherwise)
      if let test = loop.test { visit(test) }
    case .assign(let target, let value):
      visit(target)
      visit(value)
    case .capture(let target, let filter, let body, _):
      visit(target)
      if let filter { visit(filter) }
      visit(body)
    case .macro(let macro, _, _), .generation(let macro): visit(macro)
    case .callBlock(let macro, let call):
      visit(call)
      visit(macro)
    case .filterBlock(let filter, let body, _):
      visit(body)
      visit(filter)
    case .with(let members, let body, _):
      for member in members { visit(member.target) }
      for member in members { visit(member.value) }
      visit(body)
    case .autoescape(let isOn, let body, _):
      visit(isOn)
      visit(body)
    case .block, .breakLoop, .continueLoop: break
    }
  }
}
