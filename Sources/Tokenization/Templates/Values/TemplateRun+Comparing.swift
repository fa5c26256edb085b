// SPDX-License-Identifier: Apache-2.0

extension TemplateValue {
  /// What `bool(value)` gives.
  var truth: Bool {
    switch self {
    case .undefined, .none: false
    case .boolean(let value): value
    case .integer(let value, _): value != 0
    case .float(let value, _): value != 0
    case .object(let object): object.truth
    default: (knownCount ?? 1) > 0
    }
  }

  /// A number, with truth values as 0 and 1.
  var number: PythonOperand? {
    switch self {
    case .boolean(let value): .integer(value ? 1 : 0, .template)
    case .integer(let value, let origin): .integer(value, origin)
    case .float(let value, let origin): .float(value, origin)
    default: nil
    }
  }
}

/// An operand of arithmetic.
enum PythonOperand {
  case integer(Int128, OriginText.Origin)
  case float(Double, OriginText.Origin)

  var double: Double {
    switch self {
    case .integer(let value, _): Double(value)
    case .float(let value, _): value
    }
  }

  var origin: OriginText.Origin {
    switch self {
    case .integer(_, let origin), .float(_, let origin): origin
    }
  }

  /// Whether both are the same number; exact, as Python compares an integer with a float.
  static func areEqual(_ left: PythonOperand, _ right: PythonOperand) -> Bool {
    switch (left, right) {
    case (.integer(let left, _), .integer(let right, _)): left == right
    case (.integer(let left, _), .float(let right, _)): Int128(exactly: right) == left
    case (.float(let left, _), .integer(let right, _)): Int128(exactly: left) == right
    case (.float(let left, _), .float(let right, _)): left == right
    }
  }

  static func isLess(_ left: PythonOperand, _ right: PythonOperand) -> Bool {
    if case .integer(let left, _) = left, case .integer(let right, _) = right {
      return left < right
    }
    return left.double < right.double
  }
}

extension TemplateRun {
  /// Whether `left == right` holds.
  func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
    if let left = left.number, let right = right.number {
      return PythonOperand.areEqual(left, right)
    }
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.text(let left), .text(let right)):
      if left.count != right.count { return false }
      try spend(scanned: left.count)
      return left == right
    case (.bytes(let left), .bytes(let right)): return left == right
    case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
      return try areEqual(left, right)
    case (.dictionary(let left), .dictionary(let right)): return try areEqual(left, right)
    case (.range(let left), .range(let right)):
      guard left.count == right.count else { return false }
      return left.count == 0
        || left.start == right.start
          && (left.count == 1 || left.step == right.step)
    case (.view(let left, let leftBox), .view(let right, let rightBox)):
      // Only the keys and the items of dictionaries are sets.
      guard left == right, left != .values else { return leftBox === rightBox && left == right }
      guard leftBox.count == rightBox.count else { return false }
      if left == .items { return try areEqual(leftBox, rightBox) }
      for key in leftBox.keys where try rightBox.value(key) == nil { return false }
      return true
    case (.object(let left), .object(let right)): return left === right
    case (.iterator(let left), .iterator(let right)): return left === right
    default: return false
    }
  }

  private func areEqual(_ left: ListBox, _ right: ListBox) throws(TemplateError) -> Bool {
    guard left !== right else { return true }
    guard left.values.count == right.values.count else { return false }
    try spend(steps: left.values.count)
    for (left, right) in zip(left.values, right.values)
    where try !areEqual(left, right) {
      return false
    }
    return true
  }

  private func areEqual(
    _ left: DictionaryBox,
    _ right: DictionaryBox
  ) throws(TemplateError) -> Bool {
    guard left !== right else { return true }
    guard left.count == right.count else { return false }
    try spend(steps: left.count)
    for (key, value) in zip(left.keys, left.values) {
      guard let other = try right.value(key), try areEqual(value, other) else { return false }
    }
    return true
  }

  /// What a comparison gives.
  func compare(
    _ comparison: ComparisonOperator,
    _ left: TemplateValue,
    _ right: TemplateValue
  ) throws(TemplateError) -> Bool {
    switch comparison {
    case .equal: return try areEqual(left, right)
    case .notEqual: return try !areEqual(left, right)
    case .contained: return try contains(right, left)
    case .notContained: return try !contains(right, left)
    case .less, .greater, .lessOrEqual, .greaterOrEqual:
      return try order(comparison, left, right)
    }
  }

  private func order(
    _ comparison: ComparisonOperator,
    _ left: TemplateValue,
    _ right: TemplateValue
  ) throws(TemplateError) -> Bool {
    if case .undefined(let cause) = left { throw cause.error }
    if case .undefined(let cause) = right { throw cause.error }
    if let left = left.number, let right = right.number {
      switch comparison {
      case .less: return PythonOperand.isLess(left, right)
      case .greater: return PythonOperand.isLess(right, left)
      case .lessOrEqual:
        return PythonOperand.isLess(left, right) || PythonOperand.areEqual(left, right)
      default: return PythonOperand.isLess(right, left) || PythonOperand.areEqual(left, right)
      }
    }
    switch (left, right) {
    case (.text(let left), .text(let right)):
      try spend(scanned: min(left.count, right.count))
      switch comparison {
      case .less: return left < right
      case .greater: return right < left
      case .lessOrEqual: return !(right < left)
      default: return !(left < right)
      }
    case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
      for (left, right) in zip(left.values, right.values)
      where try !areEqual(left, right) {
        return try order(comparison, left, right)
      }
      return try order(
        comparison,
        .integer(left.values.count),
        .integer(right.values.count)
      )
    default:
      throw TemplateError(
        .type,
        "'\(comparison.rawValue)' not supported between instances of '\(left.typeName)' and "
          + "'\(right.typeName)'"
      )
    }
  }

  /// Whether `element in container` holds.
  func contains(
    _ container: TemplateValue,
    _ element: TemplateValue
  ) throws(TemplateError) -> Bool {
    switch container {
    case .text(let text):
      guard case .text(let part) = element else {
        throw TemplateError(
          .type,
          "'in <string>' requires string as left operand, not \(element.typeName)"
        )
      }
      try spend(scanned: text.count + part.count)
      return text.firstIndex(of: part) != nil
    case .dictionary(let box), .view(.keys, let box): return try box.value(element) != nil
    case .range(let range):
      guard let number = element.number, let value = Int128(exactly: number.double) else {
        return false
      }
      let (low, high) = range.step > 0 ? (range.start, range.stop) : (range.stop, range.start)
      let isInside =
        range.step > 0 ? value >= low && value < high : value > low && value <= high
      return isInside && (value - Int128(range.start)) % Int128(range.step) == 0
    default:
      guard let step = try container.makeStep() else {
        throw TemplateError(
          .type,
          "argument of type '\(container.typeName)' is not iterable"
        )
      }
      while let value = try step() {
        try spend(steps: 1)
        if try areEqual(value, element) { return true }
      }
      return false
    }
  }
}
