// SPDX-License-Identifier: Apache-2.0

/// Expressions, the loosest operators first.
///
/// Positions follow the published parser, whose lines errors are held to: a chain's later links
/// begin where their right side does.
extension TemplateParser {
  /// Parses an expression, or several with commas between them as a tuple.
  mutating func tuple(
    withConditional: Bool = true,
    endNames: [String] = [],
    inParentheses: Bool = false
  ) throws(TemplateError) -> TemplateExpression {
    var start = position
    var items: [TemplateExpression] = []
    var isTuple = false
    while true {
      if !items.isEmpty { try expect(.comma) }
      if isTupleEnd(endNames) { break }
      items.append(try expression(withConditional: withConditional))
      guard isMark(.comma) else { break }
      isTuple = true
      start = position
    }
    if !isTuple {
      if let only = items.first { return only }
      if !inParentheses { throw noExpression() }
    }
    return try TemplateExpression(.tuple(items), start)
  }

  func isTupleEnd(_ endNames: [String]) -> Bool {
    switch current.kind {
    case .outputEnd, .tagEnd, .mark(.closeParenthesis): true
    case .name(let name): endNames.contains(name)
    default: false
    }
  }

  func noExpression() -> TemplateError {
    fault("Expected an expression, got '\(current.description)'")
  }

  mutating func expression(
    withConditional: Bool = true
  ) throws(TemplateError) -> TemplateExpression {
    withConditional ? try conditional() : try disjunction()
  }

  private mutating func conditional() throws(TemplateError) -> TemplateExpression {
    var start = position
    var result = try disjunction()
    while try skip(name: "if") {
      let test = try disjunction()
      var otherwise: TemplateExpression?
      if try skip(name: "else") {
        try enter()
        defer { leave() }
        otherwise = try conditional()
      }
      result = try TemplateExpression(
        .conditional(test: test, then: result, otherwise: otherwise),
        start
      )
      start = position
    }
    return result
  }

  private mutating func disjunction() throws(TemplateError) -> TemplateExpression {
    var start = position
    var left = try conjunction()
    while try skip(name: "or") {
      left = try TemplateExpression(.or(left, try conjunction()), start)
      start = position
    }
    return left
  }

  private mutating func conjunction() throws(TemplateError) -> TemplateExpression {
    var start = position
    var left = try negation()
    while try skip(name: "and") {
      left = try TemplateExpression(.and(left, try negation()), start)
      start = position
    }
    return left
  }

  private mutating func negation() throws(TemplateError) -> TemplateExpression {
    var starts: [TemplatePosition] = []
    while isName("not") { starts.append(try advance().position) }
    var result = try comparison()
    for start in starts.reversed() { result = try TemplateExpression(.not(result), start) }
    return result
  }

  private mutating func comparison() throws(TemplateError) -> TemplateExpression {
    var start = position
    let first = try sum()
    var others: [(ComparisonOperator, TemplateExpression)] = []
    while let comparison = try comparisonOperator() {
      others.append((comparison, try sum()))
      start = position
    }
    return others.isEmpty ? first : try TemplateExpression(.comparison(first, others), start)
  }

  private mutating func comparisonOperator() throws(TemplateError) -> ComparisonOperator? {
    switch current.kind {
    case .mark(let mark):
      guard let comparison = ComparisonOperator(rawValue: mark.rawValue) else { return nil }
      try advance()
      return comparison
    case .name("in"):
      try advance()
      return .contained
    case .name("not") where lookahead() == .name("in"):
      try advance()
      try advance()
      return .notContained
    default: return nil
    }
  }

  private mutating func sum() throws(TemplateError) -> TemplateExpression {
    var start = position
    var left = try concatenation()
    while isMark(.plus) || isMark(.minus) {
      let operation: ArithmeticOperator = isMark(.plus) ? .add : .subtract
      try advance()
      left = try TemplateExpression(.arithmetic(operation, left, try concatenation()), start)
      start = position
    }
    return left
  }

  private mutating func concatenation() throws(TemplateError) -> TemplateExpression {
    let start = position
    var parts = [try product()]
    while try skip(.tilde) { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : try TemplateExpression(.concatenation(parts), start)
  }

  private mutating func product() throws(TemplateError) -> TemplateExpression {
    var start = position
    var left = try power()
    while case .mark(let mark) = current.kind {
      let operation: ArithmeticOperator
      switch mark {
      case .star: operation = .multiply
      case .slash: operation = .divide
      case .doubleSlash: operation = .floorDivide
      case .percent: operation = .remainder
      default: return left
      }
      try advance()
      left = try TemplateExpression(.arithmetic(operation, left, try power()), start)
      start = position
    }
    return left
  }

  private mutating func power() throws(TemplateError) -> TemplateExpression {
    var start = position
    var left = try unary()
    while try skip(.doubleStar) {
      left = try TemplateExpression(.arithmetic(.power, left, try unary()), start)
      start = position
    }
    return left
  }

  private mutating func unary() throws(TemplateError) -> TemplateExpression {
    var signs: [(isMinus: Bool, position: TemplatePosition)] = []
    while isMark(.minus) || isMark(.plus) {
      let isMinus = isMark(.minus)
      signs.append((isMinus: isMinus, position: try advance().position))
    }
    var result = try postfixes(try primary())
    for sign in signs.reversed() {
      result = try TemplateExpression(
        sign.isMinus ? .negate(result) : .plus(result),
        sign.position
      )
      // Behind a sign a subscript or a call belongs to the signed value.
      result = try postfixes(result)
    }
    return try filtersAndTests(result)
  }

  mutating func primary() throws(TemplateError) -> TemplateExpression {
    let start = position
    switch current.kind {
    case .name(let name):
      try advance()
      switch name {
      case "true", "True": return try TemplateExpression(.constant(.boolean(true)), start)
      case "false", "False": return try TemplateExpression(.constant(.boolean(false)), start)
      case "none", "None": return try TemplateExpression(.constant(.none), start)
      default: return try TemplateExpression(.name(name, makeNameID()), start)
      }
    case .text: return try text()
    case .integer(let value):
      try advance()
      return try TemplateExpression(.constant(.integer(value)), start)
    case .float(let value):
      try advance()
      return try TemplateExpression(.constant(.float(value)), start)
    case .mark(.openParenthesis):
      try enter()
      defer { leave() }
      try advance()
      let result = try tuple(inParentheses: true)
      try expect(.closeParenthesis)
      return result
    case .mark(.openBracket): return try list()
    case .mark(.openBrace): return try dictionary()
    default: throw fault("unexpected '\(current.description)'")
    }
  }

  /// Texts that stand side by side are one.
  private mutating func text() throws(TemplateError) -> TemplateExpression {
    let start = position
    var scalars: [Unicode.Scalar] = []
    while case .text(let part) = current.kind {
      scalars += part
      try advance()
    }
    return try TemplateExpression(.constant(.text(OriginText(scalars, .template))), start)
  }

  private mutating func list() throws(TemplateError) -> TemplateExpression {
    let start = position
    try enter()
    defer { leave() }
    try advance()
    var items: [TemplateExpression] = []
    while !isMark(.closeBracket) {
      if !items.isEmpty { try expect(.comma) }
      if isMark(.closeBracket) { break }
      items.append(try expression())
    }
    try advance()
    return try TemplateExpression(.list(items), start)
  }

  private mutating func dictionary() throws(TemplateError) -> TemplateExpression {
    let start = position
    try enter()
    defer { leave() }
    try advance()
    var members: [(key: TemplateExpression, value: TemplateExpression)] = []
    while !isMark(.closeBrace) {
      if !members.isEmpty { try expect(.comma) }
      if isMark(.closeBrace) { break }
      let key = try expression()
      try expect(.colon)
      members.append((key: key, value: try expression()))
    }
    try advance()
    return try TemplateExpression(.dictionary(members), start)
  }
}
