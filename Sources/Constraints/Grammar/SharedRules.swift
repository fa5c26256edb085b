// SPDX-License-Identifier: Apache-2.0

/// The rules that every grammar begins with: characters, strings, numbers, white space, any value.
///
/// They are the same nodes in each, so that what a vocabulary's tokens do in a string is found out once
/// for a model and not once for a schema.
struct SharedRules: Sendable {
  /// The automaton with these rules alone.
  private(set) var automaton = Automaton()
  /// One character of a string, escapes included.
  private(set) var character: Int32 = 0
  /// A string after its opening quote, the closing one included.
  private(set) var stringRest: Int32 = 0
  /// The same for a name that has one spelling only: no `\u`, no escape that is not needed.
  private(set) var nameRest: Int32 = 0
  /// White space, one character at least.
  private(set) var space: Int32 = 0
  /// A number.
  private(set) var number: Int32 = 0
  /// An integer.
  private(set) var integer: Int32 = 0
  /// Any value, and any object.
  private(set) var anyValue: Int32 = 0
  private(set) var anyObject: Int32 = 0

  // LIMIT: the digits of an integer, so that one ends, and fits 64 bits.
  static let digitCountMax = 18
  // LIMIT: what indents six levels by four; models that fall into white space go on for ever.
  static let indentationMax = 24

  static let standard: SharedRules = {
    var rules = SharedRules()
    // Some two hundred nodes, which no limit refuses.
    do throws(ConstraintError) { try rules.build() } catch { fatalError("\(error)") }
    rules.automaton.finish()
    return rules
  }()

  private mutating func build() throws(ConstraintError) {
    let characterEnd = try automaton.addFinal()
    character = try automaton.addNode()
    try automaton.addCharacter(from: character, to: characterEnd, names: false)
    let stringEnd = try automaton.addFinal()
    stringRest = try automaton.addNode()
    try automaton.addCharacter(from: stringRest, to: stringRest, names: false)
    automaton.addEdges("\"", from: stringRest, to: stringEnd)
    let nameEnd = try automaton.addFinal()
    nameRest = try automaton.addNode()
    try automaton.addCharacter(from: nameRest, to: nameRest, names: true)
    automaton.addEdges("\"", from: nameRest, to: nameEnd)
    try buildSpace()
    integer = try automaton.addNode()
    number = try automaton.addNode()
    try automaton.addNumber(from: integer, isInteger: true)
    try automaton.addNumber(from: number, isInteger: false)
    automaton.markStanding()
    try buildValues()
  }

  /// One space, or a line break and bounded indentation.
  private mutating func buildSpace() throws(ConstraintError) {
    space = try automaton.addNode()
    let end = try automaton.addFinal()
    automaton.addEdges(" ", from: space, to: end)
    let carriage = try automaton.addNode()
    automaton.addEdges("\r", from: space, to: carriage)
    var line = try automaton.addFinal()
    automaton.addEdges("\n", from: space, to: line)
    automaton.addEdges("\n", from: carriage, to: line)
    for _ in 0..<Self.indentationMax {
      let next = try automaton.addFinal()
      automaton.addEdges(" \t", from: line, to: next)
      line = next
    }
  }

  private mutating func buildValues() throws(ConstraintError) {
    let end = try automaton.addFinal()
    anyValue = try automaton.addNode()
    anyObject = try automaton.addNode()
    automaton.addJump(from: anyValue, to: anyObject)
    try automaton.addLiteral("true".utf8, from: anyValue, to: end)
    try automaton.addLiteral("false".utf8, from: anyValue, to: end)
    try automaton.addLiteral("null".utf8, from: anyValue, to: end)
    automaton.addCall(number, from: anyValue, to: end)
    try automaton.addString(from: anyValue, to: end, rest: stringRest)
    try buildObject(to: end)
    try buildArray(to: end)
  }

  private mutating func buildObject(to end: Int32) throws(ConstraintError) {
    let open = try automaton.addNode(level: 1)
    let first = try automaton.addNode(level: 1)
    let member = try automaton.addNode(level: 1)
    let colon = try automaton.addNode(level: 1)
    let afterColon = try automaton.addNode(level: 1)
    let value = try automaton.addNode(level: 1)
    let after = try automaton.addNode(level: 1)
    let comma = try automaton.addNode(level: 1)
    automaton.addEdges("{", from: anyObject, to: open)
    automaton.addGap(space, from: open, to: first)
    automaton.addJump(from: first, to: member)
    automaton.addEdges("}", from: first, to: end)
    try automaton.addString(from: member, to: colon, rest: stringRest)
    automaton.addEdges(":", from: colon, to: afterColon)
    automaton.addEdges(" ", from: afterColon, to: value)
    automaton.addJump(from: afterColon, to: value)
    automaton.addCall(anyValue, from: value, to: after)
    automaton.addEdges(",", from: after, to: comma)
    automaton.addGap(space, from: comma, to: member)
    let close = try automaton.addNode(level: 1)
    automaton.addGap(space, from: after, to: close)
    automaton.addEdges("}", from: close, to: end)
  }

  private mutating func buildArray(to end: Int32) throws(ConstraintError) {
    let open = try automaton.addNode(level: 1)
    let first = try automaton.addNode(level: 1)
    let element = try automaton.addNode(level: 1)
    let after = try automaton.addNode(level: 1)
    let comma = try automaton.addNode(level: 1)
    let close = try automaton.addNode(level: 1)
    automaton.addEdges("[", from: anyValue, to: open)
    automaton.addGap(space, from: open, to: first)
    automaton.addJump(from: first, to: element)
    automaton.addEdges("]", from: first, to: end)
    automaton.addCall(anyValue, from: element, to: after)
    automaton.addEdges(",", from: after, to: comma)
    automaton.addGap(space, from: comma, to: element)
    automaton.addGap(space, from: after, to: close)
    automaton.addEdges("]", from: close, to: end)
  }
}
