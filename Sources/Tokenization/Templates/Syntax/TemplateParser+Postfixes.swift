// SPDX-License-Identifier: Apache-2.0

/// What stands behind a value: subscripts, calls, filters and tests.
extension TemplateParser {
  mutating func postfixes(
    _ base: TemplateExpression
  ) throws(TemplateError) -> TemplateExpression {
    var result = base
    while true {
      switch current.kind {
      case .mark(.dot): result = try attribute(of: result)
      case .mark(.openBracket): result = try item(of: result)
      case .mark(.openParenthesis): result = try call(of: result)
      default: return result
      }
    }
  }

  mutating func filtersAndTests(
    _ base: TemplateExpression
  ) throws(TemplateError) -> TemplateExpression {
    var result = base
    while true {
      switch current.kind {
      case .mark(.bar): result = try filters(result) ?? result
      case .name("is"): result = try test(of: result)
      case .mark(.openParenthesis): result = try call(of: result)
      default: return result
      }
    }
  }

  private mutating func attribute(
    of base: TemplateExpression
  ) throws(TemplateError) -> TemplateExpression {
    let start = try advance().position
    switch current.kind {
    case .name(let name):
      try advance()
      return try TemplateExpression(.attribute(base, AttributeName(name)), start)
    case .integer(let value):
      let key = try TemplateExpression(.constant(.integer(value)), position)
      try advance()
      return try TemplateExpression(.item(base, key), start)
    default: throw fault("expected name or number")
    }
  }

  private mutating func item(
    of base: TemplateExpression
  ) throws(TemplateError) -> TemplateExpression {
    try enter()
    defer { leave() }
    let start = try advance().position
    var keys: [TemplateExpression] = []
    while !isMark(.closeBracket) {
      if !keys.isEmpty { try expect(.comma) }
      keys.append(try subscriptKey())
    }
    try advance()
    let key = keys.count == 1 ? keys[0] : try TemplateExpression(.tuple(keys), start)
    return try TemplateExpression(.item(base, key), start)
  }

  /// A key, or a slice's bounds.
  private mutating func subscriptKey() throws(TemplateError) -> TemplateExpression {
    let start = position
    var bounds: [TemplateExpression?] = []
    if !isMark(.colon) {
      let key = try expression()
      guard isMark(.colon) else { return key }
      bounds.append(key)
    } else {
      bounds.append(nil)
    }
    try advance()
    bounds.append(try sliceBound())
    if try skip(.colon) { bounds.append(try sliceBound()) } else { bounds.append(nil) }
    return try TemplateExpression(.slice(bounds[0], bounds[1], bounds[2]), start)
  }

  private mutating func sliceBound() throws(TemplateError) -> TemplateExpression? {
    switch current.kind {
    case .mark(.colon), .mark(.closeBracket), .mark(.comma): nil
    default: try expression()
    }
  }

  private mutating func call(
    of base: TemplateExpression
  ) throws(TemplateError) -> TemplateExpression {
    let start = position
    return try TemplateExpression(.call(base, try arguments()), start)
  }

  private mutating func arguments() throws(TemplateError) -> TemplateArguments {
    try enter()
    defer { leave() }
    let start = position
    try expect(.openParenthesis)
    var result = TemplateArguments()
    var isFirst = true
    while !isMark(.closeParenthesis) {
      if !isFirst {
        try expect(.comma)
        if isMark(.closeParenthesis) { break }
      }
      isFirst = false
      try argument(into: &result, start)
    }
    try advance()
    return result
  }

  private mutating func argument(
    into result: inout TemplateArguments,
    _ start: TemplatePosition
  ) throws(TemplateError) {
    let isOrdered: Bool
    if try skip(.star) {
      isOrdered = result.unpacked == nil && result.unpackedNamed == nil
      result.unpacked = try expression()
    } else if try skip(.doubleStar) {
      isOrdered = result.unpackedNamed == nil
      result.unpackedNamed = try expression()
    } else if case .name(let name) = current.kind, lookahead() == .mark(.assign) {
      isOrdered = result.unpackedNamed == nil
      try advance()
      try advance()
      let value = try expression()
      guard !result.named.contains(where: { $0.name == name }) else {
        throw fault("keyword argument repeated: \(name)", at: start)
      }
      result.named.append((name: name, value: value))
    } else {
      isOrdered = result.unpacked == nil && result.unpackedNamed == nil && result.named.isEmpty
      result.positional.append(try expression())
    }
    if !isOrdered { throw fault("invalid syntax for function call expression", at: start) }
  }

  // MARK: Filters and tests

  /// Parses filters, one behind another; nil where none stands here.
  mutating func filters(
    _ base: TemplateExpression?,
    startsInline: Bool = false
  ) throws(TemplateError) -> TemplateExpression? {
    var result = base
    var isInline = startsInline
    while isInline || isMark(.bar) {
      if !isInline { try advance() }
      isInline = false
      let start = position
      let name = try dottedName()
      guard let filter = TemplateFilter(named: name) else {
        throw fault("No filter named '\(name)'.", at: start)
      }
      let arguments = isMark(.openParenthesis) ? try arguments() : TemplateArguments()
      result = try TemplateExpression(.filter(result, filter, arguments), start)
    }
    return result
  }

  private mutating func dottedName() throws(TemplateError) -> String {
    var name = try expectName()
    while try skip(.dot) { name += "." + (try expectName()) }
    return name
  }

  private mutating func test(
    of base: TemplateExpression
  ) throws(TemplateError) -> TemplateExpression {
    let start = try advance().position
    let isNegated = try skip(name: "not")
    let nameStart = position
    let name = try dottedName()
    let arguments = try testArguments()
    guard let test = TemplateTest(named: name) else {
      throw fault("No test named '\(name)'.", at: nameStart)
    }
    let result = try TemplateExpression(.test(base, test, arguments), start)
    return isNegated ? try TemplateExpression(.not(result), start) : result
  }

  private mutating func testArguments() throws(TemplateError) -> TemplateArguments {
    switch current.kind {
    case .mark(.openParenthesis): return try arguments()
    case .name("else"), .name("or"), .name("and"): return TemplateArguments()
    case .name("is"): throw fault("You cannot chain multiple tests with is")
    case .name, .text, .integer, .float, .mark(.openBracket), .mark(.openBrace):
      var result = TemplateArguments()
      result.positional = [try postfixes(try primary())]
      return result
    default: return TemplateArguments()
    }
  }
}
