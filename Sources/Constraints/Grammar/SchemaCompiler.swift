// SPDX-License-Identifier: Apache-2.0

/// Makes an automaton of a schema.
struct SchemaCompiler {
  var automaton: Automaton
  let rules = SharedRules.standard
  private let schema: JSONSchema
  /// Where each definition's rule starts, once something calls it.
  private var entries: [Int: Int32] = [:]
  private var pending: [Int] = []

  init(_ schema: JSONSchema, _ automaton: Automaton) {
    self.schema = schema
    self.automaton = automaton
  }

  /// Adds the schema between two nodes, and the definitions that it calls.
  mutating func compile(from start: Int32, to end: Int32) throws(ConstraintError) {
    try add(schema.root, from: start, to: end)
    while let index = pending.popLast(), let entry = entries[index] {
      let last = try automaton.addFinal()
      try add(schema.definitions[index], from: entry, to: last)
    }
  }

  /// Adds a value between two nodes of one level.
  mutating func add(
    _ shape: SchemaShape,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    switch shape {
    case .any: automaton.addCall(rules.anyValue, from: start, to: end)
    case .anyObject: automaton.addCall(rules.anyObject, from: start, to: end)
    case .null: try automaton.addLiteral("null".utf8, from: start, to: end)
    case .boolean: try addLiterals([Array("false".utf8), Array("true".utf8)], from: start, to: end)
    case .string(let minimum, let maximum): try addString(minimum, maximum, from: start, to: end)
    case .pattern(let table): try addPattern(table, from: start, to: end)
    case .number(let range): try addNumber(range, from: start, to: end)
    case .literals(let texts): try addLiterals(texts[...], from: start, to: end)
    case .array(let array): try addArray(array, from: start, to: end)
    case .object(let object): try addObject(object, from: start, to: end)
    case .choice(let shapes): for shape in shapes { try add(shape, from: start, to: end) }
    case .reference(let index):
      automaton.addCall(try entry(of: index), from: start, to: end)
    }
  }

  private mutating func entry(of index: Int) throws(ConstraintError) -> Int32 {
    if let entry = entries[index] { return entry }
    let entry = try automaton.addNode()
    entries[index] = entry
    pending.append(index)
    return entry
  }

  /// Adds a shape as a rule of its own, for what is used several times.
  mutating func addRule(_ shape: SchemaShape) throws(ConstraintError) -> Int32 {
    let entry = try automaton.addNode()
    let last = try automaton.addFinal()
    try add(shape, from: entry, to: last)
    return entry
  }

  /// A node of another's level.
  mutating func node(like other: Int32, deeper: Int = 0) throws(ConstraintError) -> Int32 {
    try automaton.addNode(level: Int(automaton.nodes[Int(other)].level) + deeper)
  }

  /// Adds texts in order, one of which comes, as a tree.
  private mutating func addLiterals(
    _ texts: ArraySlice<[UInt8]>,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    // The part of the tree that is due: texts that agree up to `depth`, which leads to `node`.
    var due: [(texts: ArraySlice<[UInt8]>, depth: Int, node: Int32)] = [(texts, 0, start)]
    while let (texts, depth, node) = due.popLast() {
      var first = texts.startIndex
      while first < texts.endIndex {
        let text = texts[first]
        guard depth < text.count else {
          automaton.addJump(from: node, to: end)
          first += 1
          continue
        }
        var last = first + 1
        while last < texts.endIndex, texts[last][depth] == text[depth] { last += 1 }
        if last == first + 1 {
          try automaton.addLiteral(text[depth...], from: node, to: end)
        } else {
          let next = try self.node(like: start)
          automaton.addEdge(text[depth]...text[depth], from: node, to: next)
          due.append((texts[first..<last], depth + 1, next))
        }
        first = last
      }
    }
  }

  private mutating func addString(
    _ minimum: Int,
    _ maximum: Int?,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    if minimum == 0, maximum == nil {
      return try automaton.addString(from: start, to: end, rest: rules.stringRest)
    }
    var current = try node(like: start)
    automaton.addEdges("\"", from: start, to: current)
    for count in 0..<(maximum ?? minimum) {
      if count >= minimum { automaton.addEdges("\"", from: current, to: end) }
      let next = try node(like: start)
      automaton.addCall(rules.character, from: current, to: next)
      current = next
    }
    if maximum == nil {
      automaton.addCall(rules.stringRest, from: current, to: end)
    } else {
      automaton.addEdges("\"", from: current, to: end)
    }
  }

  private mutating func addPattern(
    _ table: ByteTable,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    var nodes: [Int32] = []
    for _ in table.states { nodes.append(try node(like: start)) }
    automaton.addEdges("\"", from: start, to: nodes[0])
    for (state, node) in zip(table.states, nodes) {
      if state.isFinal { automaton.addEdges("\"", from: node, to: end) }
      for edge in state.edges {
        automaton.addEdge(edge.low...edge.high, from: node, to: nodes[Int(edge.target)])
      }
    }
  }
}
