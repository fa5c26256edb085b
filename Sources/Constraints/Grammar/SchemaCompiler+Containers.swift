// SPDX-License-Identifier: Apache-2.0

/// Arrays and objects.
extension SchemaCompiler {
  mutating func addArray(
    _ shape: SchemaShape.ArrayShape,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    let open = try node(like: start, deeper: 1)
    let close = try node(like: open)
    automaton.addEdges("[", from: start, to: open)
    automaton.addEdges("]", from: close, to: end)
    // Before each element: white space is behind.
    var current = try node(like: open)
    automaton.addGap(rules.space, from: open, to: current)
    if shape.minimum == 0 { automaton.addJump(from: current, to: close) }
    let prefixCount = min(shape.prefix.count, shape.maximum ?? shape.prefix.count)
    for (index, element) in shape.prefix[..<prefixCount].enumerated() {
      let after = try node(like: open)
      try add(element, from: current, to: after)
      current = try addEnd(after, isEnd: index + 1 >= shape.minimum, close: close)
    }
    guard let items = shape.items else { return }
    try addItems(items, from: current, close: close, after: prefixCount, shape)
  }

  /// Adds the elements that have one shape: those that are counted, then any number or none.
  private mutating func addItems(
    _ items: SchemaShape,
    from start: Int32,
    close: Int32,
    after prefixCount: Int,
    _ shape: SchemaShape.ArrayShape
  ) throws(ConstraintError) {
    var current = start
    // Without a maximum the last one that is counted comes again.
    let countMax = shape.maximum ?? max(shape.minimum, prefixCount + 1)
    guard countMax > prefixCount else { return }
    let rule = countMax > prefixCount + 1 ? try addRule(items) : nil
    for number in (prefixCount + 1)...countMax {
      let after = try node(like: start)
      if let rule {
        automaton.addCall(rule, from: current, to: after)
      } else {
        try add(items, from: current, to: after)
      }
      let next = try addEnd(after, isEnd: number >= shape.minimum, close: close)
      if number == countMax, shape.maximum == nil { automaton.addJump(from: next, to: current) }
      current = next
    }
  }

  /// Adds what can stand after an element, the end or a comma; returns the node before the next.
  private mutating func addEnd(
    _ after: Int32,
    isEnd: Bool,
    close: Int32
  ) throws(ConstraintError) -> Int32 {
    if isEnd { automaton.addGap(rules.space, from: after, to: close) }
    let comma = try node(like: after)
    let next = try node(like: after)
    automaton.addEdges(",", from: after, to: comma)
    automaton.addGap(rules.space, from: comma, to: next)
    return next
  }

  mutating func addObject(
    _ shape: SchemaShape.ObjectShape,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    let open = try node(like: start, deeper: 1)
    let close = try node(like: open)
    let first = try node(like: open)
    automaton.addEdges("{", from: start, to: open)
    automaton.addEdges("}", from: close, to: end)
    automaton.addGap(rules.space, from: open, to: first)
    // Before the member i or a later one, and after one before it.
    var befores: [Int32] = []
    var afters: [Int32] = []
    for _ in 0...shape.properties.count {
      befores.append(try node(like: open))
      afters.append(try addMemberEnd(before: befores[befores.count - 1]))
    }
    automaton.addJump(from: first, to: befores[0])
    // From here on nothing is required.
    let lastRequired = shape.properties.lastIndex(where: \.isRequired).map { $0 + 1 } ?? 0
    if lastRequired == 0 { automaton.addJump(from: first, to: close) }
    for index in lastRequired..<afters.count where index > 0 {
      automaton.addGap(rules.space, from: afters[index], to: close)
    }
    for (index, property) in shape.properties.enumerated() {
      if !property.isRequired {
        automaton.addJump(from: befores[index], to: befores[index + 1])
      }
      try add(property, from: befores[index], to: afters[index + 1])
    }
    let last = shape.properties.count
    if let additional = shape.additional {
      // Behind the last one, an after of its own where there is none before.
      try addAdditional(
        additional,
        from: befores[last],
        to: afters[last],
        besides: shape.properties.map(\.name)
      )
      if last == 0 { automaton.addGap(rules.space, from: afters[0], to: close) }
    }
  }

  private mutating func addMemberEnd(before next: Int32) throws(ConstraintError) -> Int32 {
    let after = try node(like: next)
    let comma = try node(like: next)
    automaton.addEdges(",", from: after, to: comma)
    automaton.addGap(rules.space, from: comma, to: next)
    return after
  }

  private mutating func add(
    _ property: SchemaShape.Property,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    let colon = try node(like: start)
    let spelling = JSONSpelling.bytes(of: property.name) + [UInt8(ascii: ":")]
    try automaton.addLiteral(spelling, from: start, to: colon)
    try addValue(property.shape, afterColon: colon, to: end)
  }

  private mutating func addValue(
    _ shape: SchemaShape,
    afterColon colon: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    let value = try node(like: colon)
    automaton.addJump(from: colon, to: value)
    automaton.addEdges(" ", from: colon, to: value)
    try add(shape, from: value, to: end)
  }

  /// Members of any other name, in a loop.
  private mutating func addAdditional(
    _ shape: SchemaShape,
    from start: Int32,
    to end: Int32,
    besides names: [String]
  ) throws(ConstraintError) {
    let named = try node(like: start)
    let colon = try node(like: start)
    automaton.addEdges(":", from: named, to: colon)
    if names.isEmpty {
      try automaton.addString(from: start, to: named, rest: rules.stringRest)
    } else {
      try addName(besides: names.map { JSONSpelling.bytes(of: $0) }, from: start, to: named)
    }
    try addValue(shape, afterColon: colon, to: end)
  }

  /// A name that is none of some, which are spelled in one way, quotes included.
  ///
  /// Where it parts from them, it goes on as any name; up to there it is a tree of theirs.
  private mutating func addName(
    besides names: [[UInt8]],
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    let root = try node(like: start)
    automaton.addEdges("\"", from: start, to: root)
    // For each place in the tree the names through it, and where a name's rule would be.
    var due: [(names: [[UInt8]], depth: Int, node: Int32, rule: Int32)] = []
    due.append((names, 1, root, rules.nameRest))
    // Where the rule is entered in its midst.
    var entries: [Int32: Int32] = [:]
    while let (names, depth, place, rule) = due.popLast() {
      let children = Dictionary(grouping: names.filter { depth < $0.count }) { $0[depth] }
      for edge in automaton.nodes[Int(rule)].edges {
        var low = Int(edge.low)
        for byte in Int(edge.low)...(Int(edge.high) + 1) {
          let child = byte <= Int(edge.high) ? children[UInt8(byte)] : nil
          guard child != nil || byte > Int(edge.high) else { continue }
          if low < byte {
            let next = try entry(edge.target, &entries, like: start, to: end)
            automaton.addEdge(UInt8(low)...UInt8(byte - 1), from: place, to: next)
          }
          low = byte + 1
          // The quote that ends a name of theirs leads nowhere.
          guard let child, !automaton.nodes[Int(edge.target)].isFinal else { continue }
          let next = try node(like: start)
          automaton.addEdge(UInt8(byte)...UInt8(byte), from: place, to: next)
          due.append((child, depth + 1, next, edge.target))
        }
      }
    }
  }

  private mutating func entry(
    _ target: Int32,
    _ entries: inout [Int32: Int32],
    like start: Int32,
    to end: Int32
  ) throws(ConstraintError) -> Int32 {
    if automaton.nodes[Int(target)].isFinal { return end }
    if let entry = entries[target] { return entry }
    let entry = try node(like: start)
    automaton.addCall(target, from: entry, to: end)
    entries[target] = entry
    return entry
  }
}
