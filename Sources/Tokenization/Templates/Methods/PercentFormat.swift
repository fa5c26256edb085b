// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  /// What `format % value` gives (Python's "printf-style string formatting").
  ///
  /// The format's own text keeps its origins, each value has those of its text.
  func percentFormat(
    _ format: OriginText,
    _ value: TemplateValue
  ) throws(TemplateError) -> OriginText {
    try spend(scalars: format.count)
    var formatter = PercentFormatter(format, value)
    while try formatter.next(self) {}
    return formatter.result
  }
}

/// Walks over a format and the values for it.
private struct PercentFormatter {
  private let format: OriginText
  private let mapping: TemplateValue?
  private var values: [TemplateValue]
  private var valueIndex = 0
  private var index = 0
  private(set) var result = OriginText()

  init(_ format: OriginText, _ value: TemplateValue) {
    self.format = format
    result.isMarkup = format.isMarkup
    switch value {
    case .tuple(let box): (values, mapping) = (box.values, nil)
    case .dictionary, .list, .undefined, .range: (values, mapping) = ([value], value)
    default: (values, mapping) = ([value], nil)
    }
  }

  /// Takes the next piece of the format; false at its end.
  mutating func next(_ run: TemplateRun) throws(TemplateError) -> Bool {
    let scalars = format.scalars
    let start = index
    while index < scalars.count, scalars[index] != "%" { index += 1 }
    result.append(format[start..<index])
    guard index < scalars.count else {
      if valueIndex < values.count, mapping == nil {
        throw TemplateError(.type, "not all arguments converted during string formatting")
      }
      return false
    }
    let mark = index
    index += 1
    var specification = FormatSpecification()
    let member = try key(run)
    readFlags(&specification)
    try readSizes(&specification, run)
    while index < scalars.count, ["h", "l", "L"].contains(scalars[index]) { index += 1 }
    guard index < scalars.count else { throw TemplateError(.value, "incomplete format") }
    specification.type = scalars[index]
    index += 1
    if scalars[index - 1] == "%", index - 2 == mark {
      result.append(format[mark..<mark + 1])
      return true
    }
    let value: TemplateValue
    if let member { value = member } else { value = try nextValue() }
    var text = try run.percentText(value, specification)
    if result.isMarkup { text = text.htmlEscaped() }
    result.append(text)
    return true
  }

  private mutating func nextValue() throws(TemplateError) -> TemplateValue {
    guard valueIndex < values.count else {
      throw TemplateError(.type, "not enough arguments for format string")
    }
    valueIndex += 1
    return values[valueIndex - 1]
  }

  /// The member that `%(key)s` names.
  private mutating func key(_ run: TemplateRun) throws(TemplateError) -> TemplateValue? {
    guard index < format.count, format.scalars[index] == "(" else { return nil }
    let start = index + 1
    var depth = 1
    index = start
    while index < format.count {
      if format.scalars[index] == "(" { depth += 1 }
      if format.scalars[index] == ")" { depth -= 1 }
      if depth == 0 { break }
      index += 1
    }
    guard index < format.count else { throw TemplateError(.value, "incomplete format key") }
    let name = format[start..<index]
    index += 1
    guard let mapping else { throw TemplateError(.type, "format requires a mapping") }
    if case .undefined(let cause) = mapping { throw cause.error }
    guard case .dictionary(let box) = mapping, let member = box.value(name) else {
      throw TemplateError(.lookup, name.representation().string)
    }
    return member
  }

  private mutating func readFlags(_ specification: inout FormatSpecification) {
    while index < format.count {
      switch format.scalars[index] {
      case "-": specification.alignment = "<"
      case "+": specification.sign = "+"
      case " ": if specification.sign == "-" { specification.sign = " " }
      case "#": specification.isAlternate = true
      case "0": specification.isZeroPadded = true
      default: return
      }
      index += 1
    }
  }

  private mutating func readSizes(
    _ specification: inout FormatSpecification,
    _ run: TemplateRun
  ) throws(TemplateError) {
    let width = try size(run) ?? 0
    if width < 0 { specification.alignment = "<" }
    specification.width = Int(clamping: width.magnitude)
    if index < format.count, format.scalars[index] == "." {
      index += 1
      specification.precision = max(0, try size(run) ?? 0)
    }
  }

  private mutating func size(_ run: TemplateRun) throws(TemplateError) -> Int? {
    guard index < format.count, format.scalars[index] == "*" else {
      return FormatSpecification.number(format.scalars, &index)
    }
    index += 1
    guard case .integer(let value, _)? = try nextValue().number else {
      throw TemplateError(.type, "* wants int")
    }
    return Int(clamping: value)
  }
}

extension TemplateRun {
  /// Writes one value as `%` has it.
  fileprivate func percentText(
    _ value: TemplateValue,
    _ specification: FormatSpecification
  ) throws(TemplateError) -> OriginText {
    switch specification.type {
    case "s", "r", "a":
      var text: OriginText
      switch specification.type {
      case "s": text = try self.text(of: value)
      case "r": text = try representation(of: value)
      default: text = try asciiRepresentation(of: value)
      }
      if let precision = specification.precision, precision < text.count {
        text = text[0..<precision]
      }
      return try aligned(text, specification, standard: ">")
    case "c": return try aligned(try character(value), specification, standard: ">")
    case "d", "i", "u", "x", "X", "o": return try percentInteger(value, specification)
    case "e", "E", "f", "F", "g", "G":
      guard let number = try asNumber(value), let type = specification.type else {
        throw TemplateError(.type, "must be real number, not \(value.typeName)")
      }
      let digits = try floatDigits(
        number.double,
        type,
        specification.precision ?? 6,
        isAlternate: specification.isAlternate
      )
      var specification = specification
      if !number.double.isFinite { specification.isZeroPadded = false }
      return try numberText(
        isNegative: number.double.sign == .minus,
        prefix: "",
        digits: digits ?? "",
        specification,
        number.origin
      )
    default:
      let type = specification.type.map(String.init) ?? ""
      throw TemplateError(.value, "unsupported format character '\(type)'")
    }
  }

  /// What Python's `ascii` gives.
  func asciiRepresentation(of value: TemplateValue) throws(TemplateError) -> OriginText {
    try representation(of: value).mapScalars { scalar, _, result, origin in
      if scalar.isASCII {
        result.append(scalar, origin)
      } else {
        result.append(OriginText.pythonEscape(scalar), origin)
      }
    }
  }

  private func asNumber(_ value: TemplateValue) throws(TemplateError) -> PythonOperand? {
    if case .undefined(let cause) = value { throw cause.error }
    return value.number
  }

  private func character(_ value: TemplateValue) throws(TemplateError) -> OriginText {
    if let text = value.text, text.count == 1 { return text }
    guard case .integer(let code, let origin)? = try asNumber(value) else {
      throw TemplateError(.type, "%c requires int or char")
    }
    guard let code = UInt32(exactly: code), let scalar = Unicode.Scalar(code) else {
      throw TemplateError(.overflow, "%c arg not in range(0x110000)")
    }
    return OriginText(scalar, origin)
  }

  private func percentInteger(
    _ value: TemplateValue,
    _ specification: FormatSpecification
  ) throws(TemplateError) -> OriginText {
    let type = specification.type ?? "d"
    let isDecimal = type == "d" || type == "i" || type == "u"
    let number: Int128
    let origin: OriginText.Origin
    switch try asNumber(value) {
    case .integer(let value, let from): (number, origin) = (value, from)
    case .float(let value, let from) where isDecimal:
      guard let whole = Int128(exactly: value.rounded(.towardZero)) else {
        throw TemplateError(.overflow, "cannot convert float to integer")
      }
      (number, origin) = (whole, from)
    default:
      throw TemplateError(
        .type,
        isDecimal
          ? "%\(type) format: a real number is required, not \(value.typeName)"
          : "%\(type) format: an integer is required, not \(value.typeName)"
      )
    }
    let radix = type == "x" || type == "X" ? 16 : type == "o" ? 8 : 10
    var digits = String(number.magnitude, radix: radix, uppercase: type == "X")
    if let precision = specification.precision, precision > digits.count {
      try spend(scalars: precision)
      digits = String(repeating: "0", count: precision - digits.count) + digits
    }
    let prefix = specification.isAlternate && radix != 10 ? "0\(type)" : ""
    return try numberText(
      isNegative: number < 0,
      prefix: prefix,
      digits: digits,
      specification,
      origin
    )
  }
}
