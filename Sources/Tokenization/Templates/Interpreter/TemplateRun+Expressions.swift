// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  /// The value of an expression.
  func evaluate(
    _ expression: TemplateExpression,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> TemplateValue {
    try spend(steps: 1)
    switch expression.kind {
    case .constant(let constant): return constant.value
    case .name(let name, let id):
      return value(program.scopes.slots[id], frame) ?? .undefined(.name(name))
    default: break
    }
    try enter()
    defer { leave() }
    switch expression.kind {
    case .attribute(let base, let name):
      return try attribute(of: evaluate(base, frame), name)
    case .item(let base, let key): return try item(base, key, frame)
    case .call: return try call(expression, frame, caller: nil)
    case .filter(let base, let filter, let arguments):
      let input = try base.map { base throws(TemplateError) in try evaluate(base, frame) }
      return try apply(filter, input ?? .none, self.arguments(arguments, frame))
    case .test(let base, let test, let arguments):
      let input = try evaluate(base, frame)
      return .boolean(try holds(test, input, self.arguments(arguments, frame)))
    case .not(let operand): return .boolean(try !evaluate(operand, frame).truth)
    case .and(let left, let right):
      let value = try evaluate(left, frame)
      return value.truth ? try evaluate(right, frame) : value
    case .or(let left, let right):
      let value = try evaluate(left, frame)
      return value.truth ? value : try evaluate(right, frame)
    case .arithmetic(let operation, let left, let right):
      let left = try evaluate(left, frame)
      return try arithmetic(operation, left, evaluate(right, frame))
    case .comparison(let first, let others): return try compare(first, others, frame)
    case .conditional(let test, let then, let otherwise):
      if try evaluate(test, frame).truth { return try evaluate(then, frame) }
      return try otherwise.map { other throws(TemplateError) in try evaluate(other, frame) }
        ?? Self.noElse
    default: return try evaluateOther(expression, frame)
    }
  }

  private static var noElse: TemplateValue {
    .undefined(
      UndefinedCause(
        "the inline if-expression evaluated to false and no else section was defined."
      )
    )
  }

  private func evaluateOther(
    _ expression: TemplateExpression,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> TemplateValue {
    switch expression.kind {
    case .list(let items): return try .makeList(evaluate(items, frame))
    case .tuple(let items): return try .makeTuple(evaluate(items, frame))
    case .dictionary(let members):
      try spend(elements: 2 * members.count)
      var values: [(TemplateValue, TemplateValue)] = []
      for member in members {
        values.append((try evaluate(member.key, frame), try evaluate(member.value, frame)))
      }
      return .dictionary(try DictionaryBox(values))
    case .negate(let operand), .plus(let operand):
      let isNegated: Bool
      if case .negate = expression.kind { isNegated = true } else { isNegated = false }
      return try signed(evaluate(operand, frame), isNegated: isNegated)
    case .concatenation(let parts): return .text(try concatenate(parts, frame))
    default: return .none
    }
  }

  private func evaluate(
    _ expressions: [TemplateExpression],
    _ frame: TemplateFrame
  ) throws(TemplateError) -> [TemplateValue] {
    try spend(elements: expressions.count)
    var values: [TemplateValue] = []
    values.reserveCapacity(expressions.count)
    for expression in expressions { values.append(try evaluate(expression, frame)) }
    return values
  }

  /// An attribute, also of a loop, which may have to look ahead for it.
  private func attribute(
    of value: TemplateValue,
    _ name: AttributeName
  ) throws(TemplateError) -> TemplateValue {
    if case .object(let object) = value, let loop = object as? LoopObject,
      let part = try loop.part(name.name)
    {
      return part
    }
    return try attribute(value, name)
  }

  private func item(
    _ base: TemplateExpression,
    _ key: TemplateExpression,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> TemplateValue {
    let value = try evaluate(base, frame)
    guard case .slice(let start, let stop, let step) = key.kind else {
      let key = try evaluate(key, frame)
      if case .object(let object) = value, let loop = object as? LoopObject,
        let name = key.text, let part = try loop.part(name.string)
      {
        return part
      }
      return try item(value, key)
    }
    func bound(_ expression: TemplateExpression?) throws(TemplateError) -> TemplateValue {
      guard let expression else { return .none }
      return try evaluate(expression, frame)
    }
    return try slice(value, bound(start), bound(stop), bound(step))
  }

  private func compare(
    _ first: TemplateExpression,
    _ others: [(ComparisonOperator, TemplateExpression)],
    _ frame: TemplateFrame
  ) throws(TemplateError) -> TemplateValue {
    var left = try evaluate(first, frame)
    for (comparison, expression) in others {
      let right = try evaluate(expression, frame)
      guard try compare(comparison, left, right) else { return .boolean(false) }
      left = right
    }
    return .boolean(true)
  }

  private func concatenate(
    _ parts: [TemplateExpression],
    _ frame: TemplateFrame
  ) throws(TemplateError) -> OriginText {
    var texts: [OriginText] = []
    var isMarkup = false
    for part in parts {
      let text = try text(of: evaluate(part, frame))
      isMarkup = isMarkup || text.isMarkup
      texts.append(text)
    }
    // Only where output is escaped do marks of safety count here.
    if isEscaping, isMarkup {
      return try joined(texts.map { $0.htmlEscaped() }, OriginText().markup(true))
    }
    return try joined(texts, OriginText())
  }

  private func signed(
    _ value: TemplateValue,
    isNegated: Bool
  ) throws(TemplateError) -> TemplateValue {
    if case .undefined(let cause) = value { throw cause.error }
    guard let number = value.number else {
      throw TemplateError(
        .type,
        "bad operand type for unary \(isNegated ? "-" : "+"): '\(value.typeName)'"
      )
    }
    switch number {
    case .integer(let value, let origin):
      guard isNegated else { return .integer(value, origin) }
      return try arithmetic(.subtract, .integer(0, origin), .integer(value, origin))
    case .float(let value, let origin): return .float(isNegated ? -value : value, origin)
    }
  }

  // MARK: Calls

  func arguments(
    _ arguments: TemplateArguments,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> CallArguments {
    var result = CallArguments()
    for expression in arguments.positional {
      result.positional.append(try evaluate(expression, frame))
    }
    for (name, expression) in arguments.named {
      result.named.append((name: name, value: try evaluate(expression, frame)))
    }
    if let unpacked = arguments.unpacked {
      result.positional += try evaluate(unpacked, frame).elements()
    }
    if let unpacked = arguments.unpackedNamed {
      guard case .dictionary(let box) = try evaluate(unpacked, frame) else {
        throw TemplateError(.type, "argument after ** must be a mapping")
      }
      for (key, value) in zip(box.keys, box.values) {
        guard let name = key.text else { throw TemplateError(.type, "keywords must be strings") }
        result.named.append((name: name.string, value: value))
      }
    }
    return result
  }

  /// Calls what a call expression names; a call block passes its body as `caller`.
  func call(
    _ expression: TemplateExpression,
    _ frame: TemplateFrame,
    caller: MacroObject?
  ) throws(TemplateError) -> TemplateValue {
    guard case .call(let function, let given) = expression.kind else { return .none }
    var callee: TemplateValue
    if case .attribute(let base, let name) = function.kind {
      let value = try evaluate(base, frame)
      // A method of a text is called without making a value of it first.
      if case .text(let text) = value, let method = name.method,
        ValueMethod.exists(method, on: value)
      {
        return try call(method, on: text, arguments(given, frame))
      }
      callee = try attribute(of: value, name)
    } else {
      callee = try evaluate(function, frame)
    }
    var arguments = try self.arguments(given, frame)
    if let caller { arguments.named.append((name: "caller", value: .object(caller))) }
    return try call(callee, arguments)
  }

  /// Calls a value.
  func call(
    _ callee: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    switch callee {
    case .undefined(let cause): throw cause.error
    case .object(let object): return try object.call(arguments, self)
    default: throw TemplateError(.type, "'\(callee.typeName)' object is not callable")
    }
  }

  /// What a block's filters make of its text.
  func filtered(
    _ value: TemplateValue,
    _ filter: TemplateExpression?,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> TemplateValue {
    guard let filter, case .filter(let base, let name, let arguments) = filter.kind else {
      return value
    }
    let input = try base == nil ? value : filtered(value, base, frame)
    return try apply(name, input, self.arguments(arguments, frame))
  }
}
