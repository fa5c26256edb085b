// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension TemplateRun {
  /// What an operator makes of two values.
  func arithmetic(
    _ operation: ArithmeticOperator,
    _ left: TemplateValue,
    _ right: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    if case .undefined(let cause) = left { throw cause.error }
    if operation == .remainder, case .text(let format) = left {
      return .text(try percentFormat(format, right))
    }
    if case .undefined(let cause) = right { throw cause.error }
    if let left = left.number, let right = right.number {
      return try arithmetic(operation, left, right)
    }
    switch operation {
    case .add:
      if let sum = try sum(left, right) { return sum }
    case .multiply:
      if let product = try product(left, right) { return product }
    default: break
    }
    throw TemplateError(
      .type,
      "unsupported operand type(s) for \(operation.rawValue): '\(left.typeName)' and "
        + "'\(right.typeName)'"
    )
  }

  private func sum(
    _ left: TemplateValue,
    _ right: TemplateValue
  ) throws(TemplateError) -> TemplateValue? {
    switch (left, right) {
    case (.text(let left), .text(let right)): return .text(try join(left, right))
    case (.list(let left), .list(let right)):
      try spend(elements: left.values.count + right.values.count)
      return try .makeList(left.values + right.values)
    case (.tuple(let left), .tuple(let right)):
      try spend(elements: left.values.count + right.values.count)
      return try .makeTuple(left.values + right.values)
    case (.text, _), (.list, _), (.tuple, _):
      let name = left.text == nil ? left.typeName : "str"
      throw TemplateError(
        .type,
        "can only concatenate \(name) (not \"\(right.typeName)\") to \(name)"
      )
    default: return nil
    }
  }

  /// Puts two texts together; where one of them is marked as safe, the other is escaped.
  func join(_ left: OriginText, _ right: OriginText) throws(TemplateError) -> OriginText {
    try spend(scalars: left.count + right.count)
    guard left.isMarkup || right.isMarkup else { return left.appending(right) }
    return left.htmlEscaped().appending(right.htmlEscaped()).markup(true)
  }

  private func product(
    _ left: TemplateValue,
    _ right: TemplateValue
  ) throws(TemplateError) -> TemplateValue? {
    switch (left, right) {
    case (.text, _), (.list, _), (.tuple, _):
      guard case .integer(let count, _)? = right.number else {
        throw TemplateError(
          .type,
          "can't multiply sequence by non-int of type '\(right.typeName)'"
        )
      }
      return try repeated(left, count)
    case (_, .text), (_, .list), (_, .tuple): return try product(right, left)
    default: return nil
    }
  }

  private func repeated(
    _ value: TemplateValue,
    _ count: Int128
  ) throws(TemplateError) -> TemplateValue {
    let count = Int(clamping: max(0, count))
    switch value {
    case .text(let text):
      try spend(scalars: Self.product(text.count, count))
      var result = OriginText()
      result.isMarkup = text.isMarkup
      if !text.isEmpty { for _ in 0..<count { result.append(text) } }
      return .text(result)
    case .list(let box), .tuple(let box):
      try spend(elements: Self.product(box.values.count, count))
      var values: [TemplateValue] = []
      if !box.values.isEmpty { for _ in 0..<count { values += box.values } }
      if case .tuple = value { return try .makeTuple(values) }
      return try .makeList(values)
    default: return value
    }
  }

  /// The product of two counts, as large as can be where it passes 64 bits.
  static func product(_ left: Int, _ right: Int) -> Int {
    let (value, isOverflow) = left.multipliedReportingOverflow(by: right)
    return isOverflow ? .max : value
  }

  // MARK: Numbers

  static var tooLarge: TemplateError {
    TemplateError(.overflow, "an integer has more than 38 digits")
  }

  private func arithmetic(
    _ operation: ArithmeticOperator,
    _ left: PythonOperand,
    _ right: PythonOperand
  ) throws(TemplateError) -> TemplateValue {
    let origin = left.origin.joined(right.origin)
    if case .integer(let left, _) = left, case .integer(let right, _) = right {
      return try arithmetic(operation, left, right, origin)
    }
    return .float(try Self.arithmetic(operation, left.double, right.double), origin)
  }

  private func arithmetic(
    _ operation: ArithmeticOperator,
    _ left: Int128,
    _ right: Int128,
    _ origin: OriginText.Origin
  ) throws(TemplateError) -> TemplateValue {
    let outcome: (partialValue: Int128, overflow: Bool)
    switch operation {
    case .add: outcome = left.addingReportingOverflow(right)
    case .subtract: outcome = left.subtractingReportingOverflow(right)
    case .multiply: outcome = left.multipliedReportingOverflow(by: right)
    case .divide:
      guard right != 0 else { throw TemplateError(.division, "division by zero") }
      return .float(Double(left) / Double(right), origin)
    case .floorDivide, .remainder:
      guard right != 0 else {
        throw TemplateError(
          .division,
          operation == .remainder
            ? "integer modulo by zero" : "integer division or modulo by zero"
        )
      }
      return .integer(try Self.floored(operation, left, right), origin)
    case .power:
      if right < 0 {
        return .float(try Self.arithmetic(.power, Double(left), Double(right)), origin)
      }
      return .integer(try Self.power(left, right), origin)
    }
    if outcome.overflow { throw Self.tooLarge }
    return .integer(outcome.partialValue, origin)
  }

  /// Division toward minus infinity, and the remainder that goes with it.
  private static func floored(
    _ operation: ArithmeticOperator,
    _ left: Int128,
    _ right: Int128
  ) throws(TemplateError) -> Int128 {
    let (quotient, isOverflow) = left.dividedReportingOverflow(by: right)
    if isOverflow { throw tooLarge }
    let remainder = left - quotient * right
    let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
    if operation == .remainder { return isBelow ? remainder + right : remainder }
    return isBelow ? quotient - 1 : quotient
  }

  private static func power(_ base: Int128, _ exponent: Int128) throws(TemplateError) -> Int128 {
    if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
    if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
    guard exponent < 128 else { throw tooLarge }
    var result: Int128 = 1
    for _ in 0..<exponent {
      let (next, isOverflow) = result.multipliedReportingOverflow(by: base)
      if isOverflow { throw tooLarge }
      result = next
    }
    return result
  }

  private static func arithmetic(
    _ operation: ArithmeticOperator,
    _ left: Double,
    _ right: Double
  ) throws(TemplateError) -> Double {
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide:
      guard right != 0 else { throw TemplateError(.division, "float division by zero") }
      return left / right
    case .floorDivide:
      guard right != 0 else {
        throw TemplateError(.division, "float floor division by zero")
      }
      return floorQuotient(left, right)
    case .remainder:
      guard right != 0 else { throw TemplateError(.division, "float modulo by zero") }
      return floorRemainder(left, right)
    case .power:
      if left == 0, right < 0 {
        throw TemplateError(
          .division,
          "0.0 cannot be raised to a negative power"
        )
      }
      let result = pow(left, right)
      if result.isNaN, !left.isNaN, !right.isNaN {
        throw TemplateError(.value, "the power of a negative number is not real")
      }
      if result.isInfinite, left.isFinite, right.isFinite {
        throw TemplateError(.overflow, "the power is too large for a float")
      }
      return result
    }
  }

  private static func floorRemainder(_ left: Double, _ right: Double) -> Double {
    let remainder = left.truncatingRemainder(dividingBy: right)
    if remainder == 0 { return right < 0 ? -0.0 : 0.0 }
    return (remainder < 0) != (right < 0) ? remainder + right : remainder
  }

  private static func floorQuotient(_ left: Double, _ right: Double) -> Double {
    let remainder = left.truncatingRemainder(dividingBy: right)
    var quotient = (left - remainder) / right
    if remainder != 0, (remainder < 0) != (right < 0) { quotient -= 1 }
    guard quotient != 0 else { return (left / right).sign == .minus ? -0.0 : 0.0 }
    let floored = quotient.rounded(.down)
    return quotient - floored > 0.5 ? floored + 1 : floored
  }
}
