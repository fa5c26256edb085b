// SPDX-License-Identifier: Apache-2.0

/// Reads a regular expression in the part of Oniguruma's language that published tokenizers use.
///
/// What it does not know is an error that names the construct: a tokenizer that splits text in
/// another way than the published one would be worse than none.
struct PatternParser {
  /// LIMIT: deeper groups than any published pattern has, few enough for the call stack.
  private static let depthLimit = 32
  /// LIMIT: a larger count would be a program of unreasonable length.
  private static let countLimit = 1_000

  var scalars: [Unicode.Scalar]
  var position = 0
  var ignoresCase = false
  private var depth = 0

  /// Parses a whole expression.
  ///
  /// - Throws: `TokenizationError` naming the construct that is not read.
  static func parse(_ pattern: String) throws(TokenizationError) -> PatternNode {
    var parser = PatternParser(scalars: Array(pattern.unicodeScalars))
    let node = try parser.parseAlternatives()
    guard parser.position == parser.scalars.count else { throw parser.unsupported(")") }
    return node
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private mutating func parseAlternatives() throws(TokenizationError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw unsupported("(") }
    var alternatives: [PatternNode] = []
    repeat {
      alternatives.append(try parseSequence())
    } while take("|")
    return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
  }

  private mutating func parseSequence() throws(TokenizationError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = peek(), scalar != "|", scalar != ")" {
      let atom = try parseAtom()
      nodes.append(try parseQuantifiers(of: atom))
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func parseAtom() throws(TokenizationError) -> PatternNode {
    let start = position
    let scalar = scalars[position]
    position += 1
    switch scalar {
    case "(": return try parseGroup(from: start)
    case "[": return .set(try parseSet(from: start))
    case ".": return .set(CharacterSet([.range(0x0A...0x0A)], isNegated: true))
    case "^": return .anchor(.lineStart)
    case "$": return .anchor(.lineEnd)
    case "*", "+", "?": throw unsupported(String(scalar), at: start)
    case "\\": return try parseEscapedAtom(from: start)
    default: return .set(try literal(scalar.value, from: start))
    }
  }

  private mutating func parseEscapedAtom(from start: Int) throws(TokenizationError) -> PatternNode {
    switch peek() {
    case "A":
      position += 1
      return .anchor(.textStart)
    case "z":
      position += 1
      return .anchor(.textEnd)
    case "Z":
      position += 1
      return .anchor(.lastLineEnd)
    case "W":
      position += 1
      return .set(CharacterSet(Self.word, isNegated: true))
    default: break
    }
    switch try parseEscape(from: start) {
    case .scalar(let value): return .set(try literal(value, from: start))
    case .items(let items): return .set(CharacterSet(items))
    }
  }

  private mutating func parseGroup(from start: Int) throws(TokenizationError) -> PatternNode {
    let outerCase = ignoresCase
    defer { ignoresCase = outerCase }
    var wrap: (PatternNode) -> PatternNode = { $0 }
    if take("?") {
      if take(":") {
      } else if take("=") {
        wrap = { .lookahead($0, isNegated: false) }
      } else if take("!") {
        wrap = { .lookahead($0, isNegated: true) }
      } else if take(">") {
        wrap = { .atomic($0) }
      } else if take("i"), take(":") {
        ignoresCase = true
      } else {
        throw unsupported(
          String(String.UnicodeScalarView(scalars[start..<end(start + 4)])),
          at: start
        )
      }
    }
    let body = try parseAlternatives()
    guard take(")") else { throw unsupported("(", at: start) }
    return wrap(body)
  }

  private mutating func parseQuantifiers(
    of atom: PatternNode
  ) throws(TokenizationError) -> PatternNode {
    var node = atom
    var count = 0
    while let quantifier = try parseQuantifier() {
      // Nested counts multiply; nobody writes more than two.
      count += 1
      if case .anchor = node { throw unsupported("quantified anchor") }
      if case .lookahead = node { throw unsupported("quantified look-ahead") }
      guard count <= 2 else { throw unsupported("repeated quantifier") }
      node = .repetition(node, quantifier)
    }
    return node
  }

  private mutating func parseQuantifier() throws(TokenizationError) -> PatternNode.Repetition? {
    let start = position
    if take("*") { return .init(minimum: 0, maximum: nil, order: order()) }
    if take("+") { return .init(minimum: 1, maximum: nil, order: order()) }
    if take("?") { return .init(minimum: 0, maximum: 1, order: order()) }
    guard take("{") else { return nil }
    let minimum = parseCount()
    let hasComma = take(",")
    let maximum = hasComma ? parseCount() : minimum
    guard take("}"), minimum != nil || maximum != nil else { throw unsupported("{", at: start) }
    let low = minimum ?? 0
    guard low <= maximum ?? low, max(low, maximum ?? 0) <= Self.countLimit else {
      throw unsupported("{\(low),\(maximum ?? low)}", at: start)
    }
    // `{n}?` and `{n,m}+` mean other things to Oniguruma than to other engines.
    if peek() == "+" || (peek() == "?" && !hasComma) { throw unsupported("}\(scalars[position])") }
    return .init(minimum: low, maximum: maximum, order: take("?") ? .lazy : .greedy)
  }

  private mutating func order() -> PatternNode.Repetition.Order {
    if take("?") { return .lazy }
    return take("+") ? .possessive : .greedy
  }

  private mutating func parseCount() -> Int? {
    var value: Int?
    while let scalar = peek(), let digit = Self.digitValue(scalar) {
      value = min((value ?? 0) * 10 + digit, 1_000_000)
      position += 1
    }
    return value
  }

  /// The set of one literal, with its other cases where case is ignored.
  private func literal(_ value: UInt32, from start: Int) throws(TokenizationError) -> CharacterSet {
    guard ignoresCase else { return CharacterSet(value) }
    return CharacterSet(try cases(of: value...value, from: start))
  }

  /// The range and, where case is ignored, what folds to the same; beyond ASCII folding would need
  /// tables that no published pattern asks for.
  func cases(
    of range: ClosedRange<UInt32>,
    from start: Int
  ) throws(TokenizationError) -> [CharacterSet.Item] {
    guard ignoresCase else { return [.range(range)] }
    guard range.upperBound < 128 else { throw unsupported("(?i:) beyond ASCII", at: start) }
    var items: [CharacterSet.Item] = [.range(range)]
    for value in range {
      switch value {
      case 0x41...0x5A: items.append(.range(value + 32...value + 32))
      case 0x61...0x7A: items.append(.range(value - 32...value - 32))
      default: break
      }
      // Long s and the Kelvin sign are the two that fold into ASCII.
      if value | 0x20 == 0x73 { items.append(.range(0x17F...0x17F)) }
      if value | 0x20 == 0x6B { items.append(.range(0x212A...0x212A)) }
    }
    return items
  }

  func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    position += 1
    return true
  }

  static func digitValue(_ scalar: Unicode.Scalar) -> Int? {
    ("0"..."9").contains(scalar) ? Int(scalar.value - 0x30) : nil
  }

  func unsupported(_ construct: String, at offset: Int? = nil) -> TokenizationError {
    TokenizationError(.unsupportedPattern(construct: construct, offset: offset ?? position))
  }

  func end(_ index: Int) -> Int { min(index, scalars.count) }
}
