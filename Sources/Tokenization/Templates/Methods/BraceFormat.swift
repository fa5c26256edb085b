// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  /// What `format.format(…)` gives, attributes of values under the sandbox's rules.
  func braceFormat(
    _ format: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    try spend(scalars: format.count)
    var formatter = BraceFormatter(arguments)
    var result = try formatter.formatted(format, depth: 2, self)
    result.isMarkup = format.isMarkup
    return result
  }
}

/// Fills the replacement fields of a format.
private struct BraceFormatter {
  private let arguments: CallArguments
  private var nextIndex = 0
  private var isNumbered: Bool?

  init(_ arguments: CallArguments) { self.arguments = arguments }

  mutating func formatted(
    _ format: OriginText,
    depth: Int,
    _ run: TemplateRun
  ) throws(TemplateError) -> OriginText {
    guard depth >= 0 else { throw TemplateError(.value, "Max string recursion exceeded") }
    var result = OriginText()
    let scalars = format.scalars
    var index = 0
    while index < scalars.count {
      let start = index
      while index < scalars.count, scalars[index] != "{", scalars[index] != "}" { index += 1 }
      result.append(format[start..<index])
      guard index < scalars.count else { break }
      if index + 1 < scalars.count, scalars[index + 1] == scalars[index] {
        result.append(format[index..<index + 1])
        index += 2
        continue
      }
      guard scalars[index] == "{" else {
        throw TemplateError(.value, "Single '}' encountered in format string")
      }
      let end = try fieldEnd(scalars, from: index + 1)
      result.append(try field(format[index + 1..<end], depth, run))
      index = end + 1
    }
    return result
  }

  private func fieldEnd(
    _ scalars: [Unicode.Scalar],
    from start: Int
  ) throws(TemplateError) -> Int {
    var open = 1
    for index in start..<scalars.count {
      if scalars[index] == "{" { open += 1 }
      if scalars[index] == "}" { open -= 1 }
      if open == 0 { return index }
    }
    throw TemplateError(
      .value,
      start == scalars.count
        ? "Single '{' encountered in format string" : "expected '}' before end of string"
    )
  }

  private mutating func field(
    _ field: OriginText,
    _ depth: Int,
    _ run: TemplateRun
  ) throws(TemplateError) -> OriginText {
    let colon = field.scalars.firstIndex(of: ":") ?? field.count
    var name = field[0..<colon]
    var conversion: Unicode.Scalar?
    if let mark = name.scalars.firstIndex(of: "!") {
      guard mark + 2 == name.count else {
        throw TemplateError(.value, "expected ':' after conversion specifier")
      }
      conversion = name.scalars[mark + 1]
      name = name[0..<mark]
    }
    var value = try self.value(name, run)
    switch conversion {
    case nil: break
    case "s": value = .text(try run.text(of: value))
    case "r": value = .text(try run.representation(of: value))
    case "a": value = .text(try run.asciiRepresentation(of: value))
    case let other?:
      throw TemplateError(.value, "Unknown conversion specifier '\(other)'")
    }
    let specification =
      colon < field.count
      ? try formatted(field[colon + 1..<field.count], depth: depth - 1, run) : OriginText()
    return try run.braceText(value, specification)
  }

  private mutating func value(
    _ name: OriginText,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let end = name.scalars.firstIndex { $0 == "." || $0 == "[" } ?? name.count
    let first = name[0..<end].string
    var value: TemplateValue
    if first.isEmpty || first.allSatisfy({ $0.isASCII && $0.isNumber }) {
      let index = Int(first) ?? nextIndex
      if first.isEmpty { nextIndex += 1 }
      guard isNumbered ?? !first.isEmpty == !first.isEmpty else {
        throw TemplateError(
          .value,
          "cannot switch between manual field specification and automatic field numbering"
        )
      }
      isNumbered = !first.isEmpty
      guard index < arguments.positional.count else {
        throw TemplateError(
          .lookup,
          "Replacement index \(index) out of range for positional args tuple"
        )
      }
      value = arguments.positional[index]
    } else {
      guard let member = arguments.named.first(where: { $0.name == first }) else {
        throw TemplateError(.lookup, PythonQuote.quoted(first))
      }
      value = member.value
    }
    var index = end
    while index < name.count {
      let isAttribute = name.scalars[index] == "."
      let start = index + 1
      index = start
      if isAttribute {
        while index < name.count, name.scalars[index] != ".", name.scalars[index] != "[" {
          index += 1
        }
        value = try run.attribute(value, AttributeName(name[start..<index].string))
      } else {
        while index < name.count, name.scalars[index] != "]" { index += 1 }
        guard index < name.count else {
          throw TemplateError(.value, "Missing ']' in format string")
        }
        let key = name[start..<index]
        let number = Int128(key.string)
        value = try run.item(value, number.map { .integer($0, .template) } ?? .text(key))
        index += 1
      }
    }
    return value
  }
}

extension TemplateRun {
  /// What `format(value, specification)` gives.
  fileprivate func braceText(
    _ value: TemplateValue,
    _ text: OriginText
  ) throws(TemplateError) -> OriginText {
    if text.isEmpty { return try self.text(of: value) }
    guard let specification = FormatSpecification(text.scalars) else {
      throw TemplateError(.value, "Invalid format specifier '\(text.string)'")
    }
    switch value {
    case .text(let content): return try braceText(content, specification)
    case .integer, .boolean, .float:
      guard let number = value.number else { return OriginText() }
      return try braceNumber(number, value, specification)
    default:
      throw TemplateError(
        .type,
        "unsupported format string passed to \(value.typeName).__format__"
      )
    }
  }

  private func braceText(
    _ content: OriginText,
    _ specification: FormatSpecification
  ) throws(TemplateError) -> OriginText {
    guard specification.type == nil || specification.type == "s" else {
      throw unknownType(specification, "str")
    }
    if let mark = specification.grouping {
      throw TemplateError(.value, "Cannot specify '\(mark)' with 's'.")
    }
    guard !specification.dropsNegativeZero else { throw Self.noNegativeZero }
    var content = content
    if let precision = specification.precision, precision < content.count {
      content = content[0..<precision]
    }
    var specification = specification
    if specification.isZeroPadded, specification.alignment == nil { specification.fill = "0" }
    return try aligned(content, specification, standard: "<")
  }

  private func unknownType(
    _ specification: FormatSpecification,
    _ typeName: String
  ) -> TemplateError {
    let type = specification.type.map(String.init) ?? ""
    return TemplateError(
      .value,
      "Unknown format code '\(type)' for object of type '\(typeName)'"
    )
  }

  private func braceNumber(
    _ number: PythonOperand,
    _ value: TemplateValue,
    _ specification: FormatSpecification
  ) throws(TemplateError) -> OriginText {
    if case .integer(let integer, let origin) = number {
      guard !specification.dropsNegativeZero else { throw Self.noNegativeZero }
      let radices: [Unicode.Scalar: Int] = ["d": 10, "n": 10, "x": 16, "X": 16, "o": 8, "b": 2]
      let type = specification.type ?? "d"
      if let radix = radices[type] {
        guard specification.precision == nil else {
          throw TemplateError(.value, "Precision not allowed in integer format specifier")
        }
        return try numberText(
          isNegative: integer < 0,
          prefix: specification.isAlternate && radix != 10 ? "0\(type)" : "",
          digits: String(integer.magnitude, radix: radix, uppercase: type == "X"),
          specification,
          origin
        )
      }
      if type == "c", let code = UInt32(exactly: integer), let scalar = Unicode.Scalar(code) {
        return try aligned(OriginText(scalar, origin), specification, standard: ">")
      }
    }
    return try braceFloat(number, value, specification)
  }

  private static var noNegativeZero: TemplateError {
    TemplateError(.value, "Negative zero coercion (z) is for floats alone")
  }

  private static func isZero(_ digits: String) -> Bool {
    digits.allSatisfy { !$0.isNumber || $0 == "0" }
  }

  private func braceFloat(
    _ number: PythonOperand,
    _ value: TemplateValue,
    _ specification: FormatSpecification
  ) throws(TemplateError) -> OriginText {
    let double = number.double
    let digits: String?
    if let type = specification.type {
      digits = try floatDigits(
        double,
        type,
        specification.precision ?? 6,
        isAlternate: specification.isAlternate
      )
    } else if let precision = specification.precision {
      digits = PythonNumber.withFraction(
        double.magnitude,
        min(precision, PythonNumber.precisionLimit)
      )
    } else {
      digits = PythonNumber.representation(double.magnitude)
    }
    guard let digits else { throw unknownType(specification, value.typeName) }
    return try numberText(
      isNegative: double.sign == .minus && !double.isNaN
        && !(specification.dropsNegativeZero && Self.isZero(digits)),
      prefix: "",
      digits: digits,
      specification,
      number.origin
    )
  }
}
