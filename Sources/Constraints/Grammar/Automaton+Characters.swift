// SPDX-License-Identifier: Apache-2.0

/// The lexical parts of JSON.
extension Automaton {
  /// Adds a node that ends its rule.
  mutating func addFinal() throws(ConstraintError) -> Int32 {
    let node = try addNode()
    setFinal(node)
    return node
  }

  /// Adds white space that may be absent.
  mutating func addGap(_ space: Int32, from node: Int32, to target: Int32) {
    addJump(from: node, to: target)
    addCall(space, from: node, to: target)
  }

  /// Adds a string: its quote, and a rule for what follows it.
  mutating func addString(
    from node: Int32,
    to target: Int32,
    rest: Int32
  ) throws(ConstraintError) {
    let inside = try addNode(level: Int(nodes[Int(node)].level))
    addEdges("\"", from: node, to: inside)
    addCall(rest, from: inside, to: target)
  }

  /// Adds one character of a string; of names only what has the one spelling that names have.
  mutating func addCharacter(
    from node: Int32,
    to target: Int32,
    names: Bool
  ) throws(ConstraintError) {
    // A name's DEL has an escape where it is written for a schema.
    let ascii: [ClosedRange<UInt8>] = [0x20...0x21, 0x23...0x5B, 0x5D...(names ? 0x7E : 0x7F)]
    for range in ascii { addEdge(range, from: node, to: target) }
    try addLongScalar(from: node, to: target)
    let escape = try addNode()
    addEdges("\\", from: node, to: escape)
    addEdges(names ? "\"\\nrt" : "\"\\/bfnrt", from: escape, to: target)
    if !names { try addUnicodeEscape(from: escape, to: target) }
  }

  /// Adds one scalar beyond ASCII as well-formed UTF-8 (Unicode 16, table 3-7).
  mutating func addLongScalar(from node: Int32, to target: Int32) throws(ConstraintError) {
    let level = Int(nodes[Int(node)].level)
    let one = try addNode(level: level)
    let two = try addNode(level: level)
    let three = try addNode(level: level)
    addEdge(0x80...0xBF, from: one, to: target)
    addEdge(0x80...0xBF, from: two, to: one)
    addEdge(0x80...0xBF, from: three, to: two)
    addEdge(0xC2...0xDF, from: node, to: one)
    addEdge(0xE1...0xEC, from: node, to: two)
    addEdge(0xEE...0xEF, from: node, to: two)
    addEdge(0xF1...0xF3, from: node, to: three)
    let special: [(UInt8, ClosedRange<UInt8>, Int32)] = [
      (0xE0, 0xA0...0xBF, one), (0xED, 0x80...0x9F, one), (0xF0, 0x90...0xBF, two),
      (0xF4, 0x80...0x8F, two),
    ]
    for (lead, second, next) in special {
      let middle = try addNode(level: level)
      addEdge(lead...lead, from: node, to: middle)
      addEdge(second, from: middle, to: next)
    }
  }

  /// Adds `uXXXX`, with a surrogate only in a pair.
  private mutating func addUnicodeEscape(
    from node: Int32,
    to target: Int32
  ) throws(ConstraintError) {
    let hex = "0123456789abcdefABCDEF"
    var chain: [Int32] = []
    for _ in 0..<11 { chain.append(try addNode()) }
    let (first, three, two, one) = (chain[0], chain[1], chain[2], chain[3])
    addEdges("u", from: node, to: first)
    addEdges("0123456789abcefABCEF", from: first, to: three)
    addEdges(hex, from: three, to: two)
    addEdges(hex, from: two, to: one)
    addEdges(hex, from: one, to: target)
    addEdges("dD", from: first, to: chain[4])
    addEdges("01234567", from: chain[4], to: two)
    addEdges("89abAB", from: chain[4], to: chain[5])
    addEdges(hex, from: chain[5], to: chain[6])
    addEdges(hex, from: chain[6], to: chain[7])
    addEdges("\\", from: chain[7], to: chain[8])
    addEdges("u", from: chain[8], to: chain[9])
    addEdges("dD", from: chain[9], to: chain[10])
    addEdges("cdefCDEF", from: chain[10], to: two)
  }

  /// Adds a number of bounded length up to its rule's end.
  mutating func addNumber(from node: Int32, isInteger: Bool) throws(ConstraintError) {
    let magnitude = try addNode()
    addEdges("-", from: node, to: magnitude)
    let whole = try addFinal()
    // JSON has -0; an integer needs none.
    addEdges("0", from: node, to: whole)
    if !isInteger { addEdges("0", from: magnitude, to: whole) }
    var digits = try addFinal()
    addEdge(0x31...0x39, from: node, to: digits)
    addEdge(0x31...0x39, from: magnitude, to: digits)
    let point = try addNode()
    let exponent = try addNode()
    if !isInteger { addFractionStart(from: whole, point, exponent) }
    for count in 1...SharedRules.digitCountMax {
      if !isInteger { addFractionStart(from: digits, point, exponent) }
      guard count < SharedRules.digitCountMax else { break }
      let next = try addFinal()
      addEdge(0x30...0x39, from: digits, to: next)
      digits = next
    }
    if !isInteger { try addFraction(point, exponent) }
  }

  private mutating func addFractionStart(from node: Int32, _ point: Int32, _ exponent: Int32) {
    addEdges(".", from: node, to: point)
    addEdges("eE", from: node, to: exponent)
  }

  private mutating func addFraction(
    _ point: Int32,
    _ exponent: Int32
  ) throws(ConstraintError) {
    var digits = point
    for _ in 0..<SharedRules.digitCountMax {
      let next = try addFinal()
      addEdge(0x30...0x39, from: digits, to: next)
      addEdges("eE", from: next, to: exponent)
      digits = next
    }
    // LIMIT: two digits of exponent; with three a number could be none that a double holds.
    let sign = try addNode()
    let one = try addFinal()
    let two = try addFinal()
    addEdges("+-", from: exponent, to: sign)
    addEdge(0x30...0x39, from: exponent, to: one)
    addEdge(0x30...0x39, from: sign, to: one)
    addEdge(0x30...0x39, from: one, to: two)
  }
}
