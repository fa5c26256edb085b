// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  /// How a body ended.
  enum Flow {
    case normal
    case breakLoop
    case continueLoop
  }

  func run(_ statements: [TemplateStatement], _ frame: TemplateFrame) throws(TemplateError) -> Flow
  {
    for statement in statements {
      let flow = try run(statement, frame)
      if flow != .normal { return flow }
    }
    return .normal
  }

  private func run(
    _ statement: TemplateStatement,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> Flow {
    try spend(steps: 1)
    switch statement.kind {
    case .output(let parts):
      for part in parts { try write(part, frame) }
      return .normal
    case .branch(let branches, let otherwise):
      for branch in branches {
        if try holds(branch, frame) { return try runNested(branch.body, frame) }
      }
      return try runNested(otherwise, frame)
    case .breakLoop: return .breakLoop
    case .continueLoop: return .continueLoop
    case .capture, .filterBlock, .with, .autoescape:
      return try runScope(statement, frame)
    default:
      do throws(TemplateError) { try runSimple(statement, frame) } catch {
        throw error.at(statement.position)
      }
      return .normal
    }
  }

  private func runNested(
    _ statements: [TemplateStatement],
    _ frame: TemplateFrame
  ) throws(TemplateError) -> Flow {
    try enter()
    defer { leave() }
    return try run(statements, frame)
  }

  private func holds(
    _ branch: TemplateBranch,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> Bool {
    do throws(TemplateError) { return try evaluate(branch.test, frame).truth } catch {
      throw error.at(branch.position)
    }
  }

  private func write(_ part: OutputPart, _ frame: TemplateFrame) throws(TemplateError) {
    switch part {
    case .text(let text):
      try spend(scalars: text.count)
      output.append(text)
    case .value(let expression):
      do throws(TemplateError) { try write(evaluate(expression, frame)) } catch {
        throw error.at(expression.position)
      }
    }
  }

  func write(_ value: TemplateValue) throws(TemplateError) {
    var text = try text(of: value)
    if isEscaping { text = text.htmlEscaped() }
    try spend(scalars: text.count)
    output.append(text)
  }

  private func runSimple(
    _ statement: TemplateStatement,
    _ frame: TemplateFrame
  ) throws(TemplateError) {
    switch statement.kind {
    case .loop(let loop): try run(loop, frame)
    case .assign(let target, let value):
      try requireNamespaces(target, frame)
      try assign(target, evaluate(value, frame), frame)
    case .macro(let macro, let name, let id):
      hold(frame)
      set(id, name, .object(MacroObject(macro, frame, self)), frame)
    case .callBlock(let macro, let call):
      hold(frame)
      try write(self.call(call, frame, caller: MacroObject(macro, frame, self)))
    case .generation(let macro):
      hold(frame)
      try write(MacroObject(macro, frame, self).call(CallArguments(), self))
    case .block(let name): try runBlock(name)
    default: break
    }
  }

  func runBlock(_ name: String) throws(TemplateError) {
    guard let block = program.blocks[name] else { return }
    try enter()
    defer { leave() }
    let frame = TemplateFrame(slotCount: program.scopes.slotCounts[block.function], parent: nil)
    setSelf(block.function, frame)
    try enter(program.scopes.scopes[block.scope], frame)
    _ = try run(block.body, frame)
  }

  // MARK: Scopes

  private func runScope(
    _ statement: TemplateStatement,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> Flow {
    try enter()
    defer { leave() }
    switch statement.kind {
    case .capture(let target, let filter, let body, let scope):
      return try inScope(scope, frame) { () throws(TemplateError) in
        let (text, flow) = try capture(body, frame)
        guard flow == .normal else { return flow }
        do throws(TemplateError) {
          let value = try filtered(.text(text), filter, frame)
          try requireNamespaces(target, frame)
          try assign(target, try captured(value), frame)
        } catch { throw error.at(statement.position) }
        return .normal
      }
    case .filterBlock(let filter, let body, let scope):
      return try inScope(scope, frame) { () throws(TemplateError) in
        let (text, flow) = try capture(body, frame)
        guard flow == .normal else { return flow }
        do throws(TemplateError) { try write(filtered(.text(text), filter, frame)) } catch {
          throw error.at(statement.position)
        }
        return .normal
      }
    case .with(let members, let body, let scope):
      do throws(TemplateError) { try bind(members, scope, frame) } catch {
        throw error.at(statement.position)
      }
      defer { leave(program.scopes.scopes[scope], frame) }
      return try run(body, frame)
    case .autoescape(let isOn, let body, let scope):
      return try inScope(scope, frame) { () throws(TemplateError) in
        let outer = isEscaping
        defer { isEscaping = outer }
        do throws(TemplateError) { isEscaping = try evaluate(isOn, frame).truth } catch {
          throw error.at(statement.position)
        }
        return try run(body, frame)
      }
    default: return .normal
    }
  }

  private func captured(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
    guard isEscaping else { return value }
    return .text(try text(of: value).markup(true))
  }

  private func inScope(
    _ scope: Int,
    _ frame: TemplateFrame,
    _ body: () throws(TemplateError) -> Flow
  ) throws(TemplateError) -> Flow {
    try enter(program.scopes.scopes[scope], frame)
    defer { leave(program.scopes.scopes[scope], frame) }
    return try body()
  }

  /// Runs a body and returns what it wrote.
  func capture(
    _ body: [TemplateStatement],
    _ frame: TemplateFrame
  ) throws(TemplateError) -> (text: OriginText, flow: Flow) {
    let outer = output
    output = OriginText()
    defer { output = outer }
    let flow = try run(body, frame)
    return (text: isEscaping ? output.markup(true) : output, flow: flow)
  }

  private func bind(
    _ members: [(target: AssignmentTarget, value: TemplateExpression)],
    _ scope: Int,
    _ frame: TemplateFrame
  ) throws(TemplateError) {
    try enter(program.scopes.scopes[scope], frame)
    for member in members { try assign(member.target, evaluate(member.value, frame), frame) }
  }

  // MARK: Assignment

  private func requireNamespaces(
    _ target: AssignmentTarget,
    _ frame: TemplateFrame
  ) throws(TemplateError) {
    switch target {
    case .name: return
    case .namespaceAttribute(_, let id, _): _ = try namespace(id, frame)
    case .tuple(let targets): for target in targets { try requireNamespaces(target, frame) }
    }
  }

  private func namespace(
    _ id: Int,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> NamespaceObject {
    guard case .object(let object)? = value(program.scopes.slots[id], frame),
      let namespace = object as? NamespaceObject
    else {
      throw TemplateError(.runtime, "cannot assign attribute on non-namespace object")
    }
    return namespace
  }

  func assign(
    _ target: AssignmentTarget,
    _ value: TemplateValue,
    _ frame: TemplateFrame
  ) throws(TemplateError) {
    switch target {
    case .name(let name, let id): set(id, name, value, frame)
    case .namespaceAttribute(_, let id, let attribute):
      try namespace(id, frame).set(attribute, value)
    case .tuple(let targets): try unpack(value, into: targets, frame)
    }
  }

  private func unpack(
    _ value: TemplateValue,
    into targets: [AssignmentTarget],
    _ frame: TemplateFrame
  ) throws(TemplateError) {
    guard let step = try value.makeStep() else {
      throw TemplateError(.type, "cannot unpack non-iterable \(value.typeName) object")
    }
    var values: [TemplateValue] = []
    while values.count <= targets.count, let value = try step() { values.append(value) }
    guard values.count == targets.count else {
      throw TemplateError(
        .value,
        values.count > targets.count
          ? "too many values to unpack (expected \(targets.count))"
          : "not enough values to unpack (expected \(targets.count), got \(values.count))"
      )
    }
    for (target, value) in zip(targets, values) { try assign(target, value, frame) }
  }
}
