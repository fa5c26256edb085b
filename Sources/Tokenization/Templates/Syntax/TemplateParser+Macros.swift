// SPDX-License-Identifier: Apache-2.0

/// Macros, and the blocks that are passed to them.
extension TemplateParser {
  mutating func macro(
    _ start: TemplatePosition
  ) throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    let name = try expectName()
    let (parameters, defaults) = try signature()
    var macro = try functionBody(until: "endmacro", start)
    (macro.name, macro.parameters, macro.defaults) = (name, parameters, defaults)
    return .macro(macro, name: name, id: makeNameID())
  }

  mutating func callBlock(
    _ start: TemplatePosition
  ) throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    let (parameters, defaults) = isMark(.openParenthesis) ? try signature() : ([], [])
    let call = try expression()
    guard case .call = call.kind else { throw fault("expected call", at: start) }
    var macro = try functionBody(until: "endcall", start)
    (macro.parameters, macro.defaults) = (parameters, defaults)
    return .callBlock(macro, call: call)
  }

  mutating func generation(
    _ start: TemplatePosition
  ) throws(TemplateError) -> TemplateStatement.Kind {
    try advance()
    return .generation(try functionBody(until: "endgeneration", start))
  }

  private mutating func functionBody(
    until end: String,
    _ start: TemplatePosition
  ) throws(TemplateError) -> TemplateMacro {
    let outer = isInLoop
    isInLoop = false
    defer { isInLoop = outer }
    return TemplateMacro(
      name: nil,
      parameters: [],
      defaults: [],
      body: try body(until: [end]),
      scope: makeScope(),
      function: makeFunction(),
      callerID: makeNameID(),
      keywordsID: makeNameID(),
      extrasID: makeNameID(),
      position: start
    )
  }

  private mutating func signature() throws(TemplateError) -> (
    [(name: String, id: Int)], [TemplateExpression]
  ) {
    try expect(.openParenthesis)
    var parameters: [(name: String, id: Int)] = []
    var defaults: [TemplateExpression] = []
    while !isMark(.closeParenthesis) {
      if !parameters.isEmpty { try expect(.comma) }
      let name = try expectName()
      if try skip(.assign) {
        defaults.append(try expression())
      } else if !defaults.isEmpty {
        throw fault("non-default argument follows default argument")
      }
      parameters.append((name: name, id: makeNameID()))
    }
    try expect(.closeParenthesis)
    return (parameters, defaults)
  }
}
