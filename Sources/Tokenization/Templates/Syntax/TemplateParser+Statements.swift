// SPDX-License-Identifier: Apache-2.0

extension TemplateParser {
  /// Parses text, output and tags up to a tag that ends them, which becomes current; up to the end
  /// of the template where `ends` is nil.
  mutating func statements(until ends: [String]?) throws(TemplateError) -> [TemplateStatement] {
    try enter()
    defer { leave() }
    if let ends { expectedEnds.append(ends) }
    defer { if ends != nil { expectedEnds.removeLast() } }
    var result: [TemplateStatement] = []
    var parts: [OutputPart] = []
    var partsPosition = position
    func flush() {
      guard !parts.isEmpty else { return }
      result.append(TemplateStatement(kind: .output(parts), position: partsPosition))
      parts = []
    }
    while true {
      if parts.isEmpty { partsPosition = position }
      switch current.kind {
      case .data(let scalars):
        parts.append(.text(OriginText(scalars, .template)))
        try advance()
      case .outputStart:
        try advance()
        parts.append(.value(try tuple()))
        try expect(.outputEnd)
      case .tagStart:
        flush()
        try advance()
        if let ends, case .name(let name) = current.kind, ends.contains(name) { return result }
        result.append(contentsOf: try statement())
        try expect(.tagEnd)
      default:
        flush()
        return result
      }
    }
  }

  /// Parses a body behind a tag's head: the end of the tag, then statements.
  mutating func body(
    until ends: [String],
    droppingEnd: Bool = true
  ) throws(TemplateError) -> [TemplateStatement] {
    _ = try skip(.colon)
    try expect(.tagEnd)
    let result = try statements(until: ends)
    if current.kind == .end { throw missingEnd(ends) }
    if droppingEnd { try advance() }
    return result
  }

  private func missingEnd(_ ends: [String]) -> TemplateError {
    fault("Unexpected end of template.\(expectation(expectedEnds + [ends]))")
  }

  private func expectation(_ ends: [[String]]) -> String {
    var text = ""
    if let last = ends.last {
      let names = last.map { "'\($0)'" }.joined(separator: " or ")
      text += " Jinja was looking for the following tags: \(names)."
    }
    if let tag = openTags.last {
      text += " The innermost block that needs to be closed is '\(tag)'."
    }
    return text
  }

  private mutating func statement() throws(TemplateError) -> [TemplateStatement] {
    let start = position
    guard case .name(let name) = current.kind else { throw fault("tag name expected") }
    openTags.append(name)
    defer { openTags.removeLast() }
    let kind: TemplateStatement.Kind
    switch name {
    case "if": kind = try branch(start)
    case "for": kind = try loop()
    case "set": return [try assignment(start)]
    case "macro": kind = try macro(start)
    case "call": kind = try callBlock(start)
    case "filter": kind = try filterBlock()
    case "with": kind = try with()
    case "autoescape": kind = try autoescape()
    case "generation": kind = try generation(start)
    case "block": kind = try block()
    case "print": kind = try printed()
    case "break", "continue":
      try advance()
      guard isInLoop else {
        let problem =
          name == "break" ? "'break' outside loop" : "'continue' not properly in loop"
        throw fault(problem, at: start)
      }
      kind = name == "break" ? .breakLoop : .continueLoop
    case "include", "extends", "import", "from":
      // No template can name another one: there is no loader, so this could only fail later.
      throw TemplateError(
        .type,
        "the tag '\(name)' needs another template, and there is no loader"
      ).at(start)
    default:
      openTags.removeLast()
      let error = fault(
        "Encountered unknown tag '\(name)'.\(expectation(expectedEnds))",
        at: start
      )
      openTags.append(name)
      throw error
    }
    return [TemplateStatement(kind: kind, position: start)]
  }

  private mutating func branch(
    _ start: TemplatePosition
  ) throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    var branches: [TemplateBranch] = []
    while true {
      let place = branches.isEmpty ? start : position
      let test = try tuple(withConditional: false)
      let body = try body(until: ["elif", "else", "endif"], droppingEnd: false)
      branches.append(TemplateBranch(test: test, body: body, position: place))
      let end = try advance()
      if end.kind == .name("elif") { continue }
      if end.kind == .name("else") {
        return .branch(branches, try self.body(until: ["endif"]))
      }
      return .branch(branches, [])
    }
  }

  private mutating func loop() throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    loopCount += 1
    defer { loopCount -= 1 }
    let targetStart = index
    let target = try assignmentTarget(endNames: ["in"])
    // The same tokens once more, under numbers of their own.
    let targetEnd = index
    rewind(to: targetStart)
    let testTarget = try assignmentTarget(endNames: ["in"])
    assert(index == targetEnd)
    try expect(name: "in")
    let iterable = try tuple(withConditional: false, endNames: ["recursive"])
    let test = try skip(name: "if") ? try expression() : nil
    let isRecursive = try skip(name: "recursive")
    let outer = isInLoop
    isInLoop = true
    let body = try body(until: ["endfor", "else"], droppingEnd: false)
    // What stands behind `else` is outside the loop, but inside a recursive loop's function.
    isInLoop = outer && !isRecursive
    defer { isInLoop = outer }
    let end = try advance()
    let otherwise = end.kind == .name("else") ? try self.body(until: ["endfor"]) : []
    return .loop(
      TemplateLoop(
        target: target,
        testTarget: testTarget,
        iterable: iterable,
        test: test,
        isRecursive: isRecursive,
        body: body,
        otherwise: otherwise,
        bodyScope: makeScope(),
        testScope: makeScope(),
        otherwiseScope: makeScope(),
        loopID: makeNameID(),
        function: isRecursive ? makeFunction() : 0
      )
    )
  }

  private mutating func assignment(
    _ start: TemplatePosition
  ) throws(TemplateError) -> TemplateStatement {
    try advance()
    let target = try assignmentTarget(allowsNamespace: true)
    if try skip(.assign) {
      return TemplateStatement(kind: .assign(target, try tuple()), position: start)
    }
    let filter = try filters(nil)
    let body = try body(until: ["endset"])
    return TemplateStatement(
      kind: .capture(target, filter: filter, body, scope: makeScope()),
      position: start
    )
  }

  private mutating func filterBlock() throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    let filter = try filters(nil, startsInline: true)
    let body = try body(until: ["endfilter"])
    guard let filter else { throw fault("expected token 'name'") }
    return .filterBlock(filter, body, scope: makeScope())
  }

  private mutating func with() throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    var members: [(target: AssignmentTarget, value: TemplateExpression)] = []
    while current.kind != .tagEnd, current.kind != .end {
      if !members.isEmpty { try expect(.comma) }
      let target = try assignmentTarget(isParameter: true)
      try expect(.assign)
      members.append((target: target, value: try expression()))
    }
    return .with(members, try body(until: ["endwith"]), scope: makeScope())
  }

  private mutating func autoescape() throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    let isOn = try expression()
    return .autoescape(isOn, try body(until: ["endautoescape"]), scope: makeScope())
  }

  private mutating func printed() throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    var parts: [OutputPart] = []
    while current.kind != .tagEnd, current.kind != .end {
      if !parts.isEmpty { try expect(.comma) }
      parts.append(.value(try expression()))
    }
    return .output(parts)
  }

  private mutating func block() throws(TemplateError) -> TemplateStatement.Kind {
    let start = position
    try advance()
    let name = try expectName()
    _ = try skip(name: "scoped")
    _ = try skip(name: "required")
    if isMark(.minus) {
      throw fault("Block names may not contain hyphens, use an underscore instead.")
    }
    let outer = isInLoop
    isInLoop = false
    defer { isInLoop = outer }
    let body = try body(until: ["endblock"])
    _ = try skip(name: name)
    guard !blocks.contains(where: { $0.name == name }) else {
      throw fault("block '\(name)' defined twice", at: start)
    }
    blocks.append((name: name, body: body, scope: makeScope(), function: makeFunction()))
    return .block(name: name)
  }
}
