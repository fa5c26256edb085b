// SPDX-License-Identifier: Apache-2.0

extension TemplateParser {
  /// Parses what is assigned to: names, or names of namespaces with an attribute.
  mutating func assignmentTarget(
    endNames: [String] = [],
    allowsNamespace: Bool = false,
    isParameter: Bool = false
  ) throws(TemplateError) -> AssignmentTarget {
    var targets: [AssignmentTarget] = []
    var isTuple = false
    while true {
      if !targets.isEmpty { try expect(.comma) }
      if isTupleEnd(endNames) { break }
      targets.append(try singleTarget(allowsNamespace, isParameter))
      guard isMark(.comma) else { break }
      isTuple = true
    }
    if !isTuple, let only = targets.first { return only }
    guard isTuple else { throw noExpression() }
    return .tuple(targets)
  }

  private mutating func singleTarget(
    _ allowsNamespace: Bool,
    _ isParameter: Bool
  ) throws(TemplateError) -> AssignmentTarget {
    let start = position
    switch current.kind {
    case .name(let name):
      if ["true", "false", "none", "True", "False", "None"].contains(name) {
        throw fault("can't assign to 'const'")
      }
      if name == "loop", loopCount > 0, !isParameter,
        !(allowsNamespace && lookahead() == .mark(.dot))
      {
        throw fault("Can't assign to special loop variable in for-loop target")
      }
      try advance()
      if allowsNamespace, try skip(.dot) {
        return .namespaceAttribute(name, makeNameID(), attribute: try expectName())
      }
      return .name(name, makeNameID())
    case .mark(.openParenthesis):
      try enter()
      defer { leave() }
      try advance()
      let target: AssignmentTarget
      if isMark(.closeParenthesis) {
        target = .tuple([])
      } else {
        target = try assignmentTarget(isParameter: isParameter)
      }
      try expect(.closeParenthesis)
      return target
    case .integer, .float, .text: throw fault("can't assign to 'const'", at: start)
    case .mark(.openBracket): throw fault("can't assign to 'list'", at: start)
    case .mark(.openBrace): throw fault("can't assign to 'dict'", at: start)
    default: throw fault("unexpected '\(current.description)'")
    }
  }
}
