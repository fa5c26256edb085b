// SPDX-License-Identifier: Apache-2.0

/// Gives every name its variable, scope by scope, in the order in which Jinja2 compiles them.
struct ScopeResolver {
  private var result: TemplateScopes
  private var numbers: [ScopeSymbols.SlotKey: Int] = [:]

  /// Resolves the names of a template.
  static func scopes(
    of body: [TemplateStatement],
    _ parser: TemplateParser
  ) -> TemplateScopes {
    var resolver = ScopeResolver(
      result: TemplateScopes(
        slots: Array(repeating: .init(hops: 0, index: 0), count: parser.nameCount),
        scopes: Array(repeating: .init(), count: parser.scopeCount),
        slotCounts: Array(repeating: 0, count: parser.functionCount)
      )
    )
    let root = ScopeSymbols(parent: nil, function: 0)
    resolver.declareSelf(in: body, root)
    root.analyze(body)
    resolver.result.root = resolver.scope(root)
    resolver.resolve(body, root, isTop: !parser.blocks.isEmpty)
    for block in parser.blocks {
      let symbols = ScopeSymbols(parent: nil, function: block.function)
      resolver.declareSelf(in: block.body, symbols)
      symbols.analyze(block.body)
      resolver.result.scopes[block.scope] = resolver.scope(symbols)
      resolver.resolve(block.body, symbols)
    }
    return resolver.result
  }

  private init(result: TemplateScopes) { self.result = result }

  private mutating func declareSelf(in body: [TemplateStatement], _ symbols: ScopeSymbols) {
    guard UndeclaredNames.of(body, ["self"]).contains("self") else { return }
    symbols.declareParameter("self")
    if let key = symbols.find("self") { result.selfSlots[symbols.function] = number(key) }
  }

  // MARK: Slots

  private mutating func number(_ key: ScopeSymbols.SlotKey) -> Int {
    if let known = numbers[key] { return known }
    let number = result.slotCounts[key.function]
    result.slotCounts[key.function] += 1
    numbers[key] = number
    return number
  }

  private mutating func slot(
    _ key: ScopeSymbols.SlotKey,
    from symbols: ScopeSymbols
  ) -> TemplateScopes.Slot {
    let place = symbols.functions.lastIndex(of: key.function) ?? 0
    return .init(hops: symbols.functions.count - 1 - place, index: number(key))
  }

  private mutating func bind(_ id: Int, _ name: String, _ symbols: ScopeSymbols) {
    // A filter of a set block may read a name that its scope did not note: it is then looked up.
    symbols.load(name)
    if let key = symbols.find(name) { result.slots[id] = slot(key, from: symbols) }
  }

  private mutating func scope(_ symbols: ScopeSymbols) -> TemplateScopes.Scope {
    var scope = TemplateScopes.Scope()
    for (key, load) in symbols.loads {
      let index = number(key)
      switch load {
      case .parameter: scope.loads.append((index: index, load: .parameter))
      case .lookup(let name): scope.loads.append((index: index, load: .lookup(name)))
      case .copy(let outer):
        scope.loads.append((index: index, load: .copy(slot(outer, from: symbols))))
      case .missing: scope.loads.append((index: index, load: .missing))
      }
    }
    return scope
  }

  // MARK: Statements

  private mutating func resolve(
    _ statements: [TemplateStatement],
    _ symbols: ScopeSymbols,
    isTop: Bool = false
  ) {
    for statement in statements { resolve(statement, symbols, isTop) }
  }

  private mutating func resolve(_ expression: TemplateExpression, _ symbols: ScopeSymbols) {
    if case .name(let name, let id) = expression.kind { bind(id, name, symbols) }
    for child in expression.children { resolve(child, symbols) }
  }

  private mutating func resolve(
    _ target: AssignmentTarget,
    _ symbols: ScopeSymbols,
    isTop: Bool = false
  ) {
    for name in target.names {
      bind(name.id, name.name, symbols)
      if isTop, name.isStored { result.exported.insert(name.id) }
    }
  }

  private mutating func resolve(
    _ statement: TemplateStatement,
    _ symbols: ScopeSymbols,
    _ isTop: Bool
  ) {
    switch statement.kind {
    case .output(let parts):
      for case .value(let expression) in parts { resolve(expression, symbols) }
    case .branch(let branches, let otherwise):
      for branch in branches {
        resolve(branch.test, symbols)
        resolve(branch.body, symbols, isTop: isTop)
      }
      resolve(otherwise, symbols, isTop: isTop)
    case .loop(let loop): resolve(loop, symbols)
    case .assign(let target, let value):
      resolve(value, symbols)
      resolve(target, symbols, isTop: isTop)
    case .capture(let target, let filter, let body, let scope):
      let inner = ScopeSymbols(parent: symbols)
      inner.analyze(body)
      if let filter { inner.analyze(filter) }
      result.scopes[scope] = self.scope(inner)
      resolve(body, inner)
      if let filter { resolve(filter, inner) }
      resolve(target, symbols, isTop: isTop)
    case .macro(let macro, let name, let id):
      resolve(macro, symbols)
      bind(id, name, symbols)
      if isTop { result.exported.insert(id) }
    case .callBlock(let macro, let call):
      resolve(macro, symbols)
      resolve(call, symbols)
    case .generation(let macro): resolve(macro, symbols)
    case .filterBlock(let filter, let body, let scope):
      let inner = ScopeSymbols(parent: symbols)
      inner.analyze(body)
      inner.analyze(filter)
      result.scopes[scope] = self.scope(inner)
      resolve(body, inner)
      resolve(filter, inner)
    case .with(let members, let body, let scope): resolveWith(members, body, scope, symbols)
    case .autoescape(let isOn, let body, let scope):
      let inner = ScopeSymbols(parent: symbols)
      inner.analyze(isOn)
      inner.analyze(body)
      result.scopes[scope] = self.scope(inner)
      resolve(isOn, inner)
      resolve(body, inner)
    case .block, .breakLoop, .continueLoop: break
    }
  }

  private mutating func resolveWith(
    _ members: [(target: AssignmentTarget, value: TemplateExpression)],
    _ body: [TemplateStatement],
    _ scope: Int,
    _ symbols: ScopeSymbols
  ) {
    let inner = ScopeSymbols(parent: symbols)
    for member in members { inner.analyze(member.target, asParameter: true) }
    inner.analyze(body)
    result.scopes[scope] = self.scope(inner)
    for member in members {
      resolve(member.target, inner)
      resolve(member.value, symbols)
    }
    resolve(body, inner)
  }

  private mutating func resolve(_ loop: TemplateLoop, _ symbols: ScopeSymbols) {
    resolve(loop.iterable, symbols)
    let function = loop.isRecursive ? loop.function : nil
    let inner = ScopeSymbols(parent: symbols, function: function)
    if loop.isRecursive || UndeclaredNames.of(loop.body, ["loop"]).contains("loop") {
      inner.declareParameter("loop")
      result.namedLoops.insert(loop.loopID)
    }
    inner.analyze(loop.target, asParameter: true)
    inner.analyze(loop.body)
    result.scopes[loop.bodyScope] = scope(inner)
    resolve(loop.target, inner)
    if result.namedLoops.contains(loop.loopID) { bind(loop.loopID, "loop", inner) }
    resolve(loop.body, inner)

    let outside = ScopeSymbols(parent: symbols, function: function)
    outside.analyze(loop.otherwise)
    result.scopes[loop.otherwiseScope] = scope(outside)
    resolve(loop.otherwise, outside)

    guard let test = loop.test else { return }
    let tested = ScopeSymbols(parent: symbols, function: function)
    tested.analyze(loop.testTarget, asParameter: true)
    tested.analyze(test)
    // The test runs ahead of the body and must not touch its variables.
    tested.separate()
    result.scopes[loop.testScope] = scope(tested)
    resolve(loop.testTarget, tested)
    resolve(test, tested)
  }

  private mutating func resolve(_ macro: TemplateMacro, _ symbols: ScopeSymbols) {
    let inner = ScopeSymbols(parent: symbols, function: macro.function)
    func analyze() {
      for parameter in macro.parameters where inner.references[parameter.name] == nil {
        inner.declareParameter(parameter.name)
      }
      inner.analyze(macro.defaults)
      inner.analyze(macro.body)
    }
    analyze()
    let names = Set(macro.parameters.map(\.name))
    let special = [
      ("caller", macro.callerID), ("kwargs", macro.keywordsID), ("varargs", macro.extrasID),
    ]
    let undeclared = UndeclaredNames.of(macro.body, Set(special.map(\.0)))
    for (name, id) in special where undeclared.contains(name) && !names.contains(name) {
      inner.declareParameter(name)
      result.specials.insert(id)
    }
    result.scopes[macro.scope] = scope(inner)
    for parameter in macro.parameters { bind(parameter.id, parameter.name, inner) }
    for (name, id) in special where result.specials.contains(id) { bind(id, name, inner) }
    for value in macro.defaults { resolve(value, inner) }
    resolve(macro.body, inner)
  }
}

extension ScopeSymbols {
  /// Gives this scope's own variables names that no other scope has.
  func separate() {
    func separated(_ key: SlotKey) -> SlotKey {
      guard key.function == function, key.level == level else { return key }
      return SlotKey(function: key.function, level: key.level, name: key.name + " of the test")
    }
    references = references.mapValues(separated)
    loads = loads.map { (key: separated($0.key), load: $0.load) }
  }
}
