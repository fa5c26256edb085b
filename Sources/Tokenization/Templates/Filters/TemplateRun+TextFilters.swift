// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  func applyText(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let text = try text(of: value)
    try spend(scanned: text.count)
    switch filter {
    case .upper, .lower, .capitalize, .title, .string, .wordcount, .pprint:
      _ = try arguments.bound(filter.rawValue, filter == .pprint ? ["verbose"] : [])
    default: break
    }
    switch filter {
    case .string: return .text(text)
    case .upper: return .text(try own(text.uppercased()))
    case .lower: return .text(try own(text.lowercased()))
    case .capitalize: return .text(try own(text.capitalized()))
    case .title: return .text(try own(titled(text)))
    case .pprint: return .text(try prettyPrinted(value))
    case .wordcount: return .integer(Self.wordCount(text))
    case .trim:
      let given = try arguments.bound("do_trim", ["chars"])
      return .text(try own(strip(text, given[0])))
    case .center:
      let given = try arguments.bound("do_center", ["width"])
      let width = try given[0].map { value throws(TemplateError) in try integer(value) } ?? 80
      return .text(try padded(text, width, OriginText(" ", .data), .center))
    case .replace: return .text(try replace(text, arguments))
    case .format:
      guard arguments.named.isEmpty || arguments.positional.isEmpty else {
        throw TemplateError(
          .runtime,
          "can't handle positional and keyword arguments at the same time"
        )
      }
      if arguments.named.isEmpty {
        return .text(try percentFormat(text, .makeTuple(arguments.positional)))
      }
      let members = arguments.named.map {
        (TemplateValue.text(OriginText($0.name, .template)), $0.value)
      }
      return .text(try percentFormat(text, .dictionary(DictionaryBox(members))))
    default: return value
    }
  }

  private func replace(
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("do_replace", ["old", "new", "count"], required: 2)
    let old = try self.text(of: given[0] ?? .none)
    let new = try self.text(of: given[1] ?? .none)
    let count: Int
    if let limit = given[2], !limit.isNone { count = try integer(limit) } else { count = -1 }
    guard isEscaping else {
      return try replaced(text.markup(false), old.markup(false), new.markup(false), count)
    }
    let isMarkup = old.isMarkup || (new.isMarkup && !text.isMarkup)
    let source = isMarkup ? text.htmlEscaped() : text
    return try replaced(source, old, source.isMarkup ? new.htmlEscaped() : new, count)
  }

  /// The first scalar of each word in upper case, the others in lower case; words are cut at white
  /// space, hyphens and opening brackets.
  private func titled(_ text: OriginText) -> OriginText {
    let cuts: Set<Unicode.Scalar> = ["-", "(", "{", "[", "<"]
    var result = OriginText()
    var start = 0
    while start < text.count {
      func isCut(_ index: Int) -> Bool {
        cuts.contains(text.scalars[index]) || PythonText.isSpace(text.scalars[index])
      }
      var end = start + 1
      while end < text.count, isCut(end) == isCut(start) { end += 1 }
      result.append(text[start..<start + 1].uppercased())
      result.append(text[start + 1..<end].lowercased())
      start = end
    }
    return result
  }

  private static func wordCount(_ text: OriginText) -> Int {
    var count = 0
    var isInside = false
    for scalar in text.scalars {
      let isWord = PythonText.isWord(scalar)
      if isWord, !isInside { count += 1 }
      isInside = isWord
    }
    return count
  }

  func join(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("do_join", ["d", "attribute"])
    var separator =
      try given[0].map { value throws(TemplateError) in try text(of: value) }
      ?? OriginText()
    let getter = try attributeGetter(given[1], standard: nil)
    let step = try value.requiredStep()
    var parts: [OriginText] = []
    while var element = try step() {
      try spend(steps: 1)
      if given[1] != nil { element = try getter(element) }
      parts.append(try text(of: element))
    }
    if isEscaping, separator.isMarkup || parts.contains(where: \.isMarkup) {
      separator = separator.htmlEscaped()
      parts = parts.map { $0.htmlEscaped() }
    } else {
      separator.isMarkup = false
    }
    return try joined(parts, separator)
  }

  // MARK: Numbers

  func applyNumeric(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    switch filter {
    case .int: return try asInteger(value, arguments)
    case .float:
      let given = try arguments.bound("do_float", ["default"])
      if case .undefined(let cause) = value { throw cause.error }
      if let number = value.number { return .float(number.double, number.origin) }
      if let text = value.text, let number = PythonNumber.float(text) {
        return .float(number, text.uniformOrigin ?? .data)
      }
      return given[0] ?? .float(0, .template)
    case .abs:
      switch value.number {
      case .integer(let number, let origin): return .integer(number < 0 ? -number : number, origin)
      case .float(let number, let origin): return .float(number.magnitude, origin)
      case nil:
        throw TemplateError(.type, "bad operand type for abs(): '\(value.typeName)'")
      }
    case .filesizeformat: return .text(try fileSize(value, arguments))
    default: return try rounded(value, arguments)
    }
  }

  private func asInteger(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("do_int", ["default", "base"])
    let standard = given[0] ?? .integer(0)
    let base = try given[1].map { value throws(TemplateError) in try integer(value) } ?? 10
    switch value {
    case .undefined(let cause): throw cause.error
    case .text(let text):
      let origin = text.uniformOrigin ?? .data
      if let number = PythonNumber.integer(text, radix: base) { return .integer(number, origin) }
      guard let number = PythonNumber.float(text), number.isFinite,
        let whole = Int128(exactly: number.rounded(.towardZero))
      else { return standard }
      return .integer(whole, origin)
    default:
      guard let number = value.number else { return standard }
      if case .integer(let number, let origin) = number { return .integer(number, origin) }
      if number.double.isNaN { return standard }
      guard let whole = Int128(exactly: number.double.rounded(.towardZero)) else {
        throw number.double.isFinite
          ? Self.tooLarge
          : TemplateError(.overflow, "cannot convert float infinity to integer")
      }
      return .integer(whole, number.origin)
    }
  }

  private func rounded(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound("do_round", ["precision", "method"])
    let places = try given[0].map { value throws(TemplateError) in try integer(value) } ?? 0
    let method = given[1]?.text?.string ?? (given[1] == nil ? "common" : "")
    guard ["common", "ceil", "floor"].contains(method) else {
      throw TemplateError(.runtime, "method must be common, ceil or floor")
    }
    if case .undefined(let cause) = value, method != "common" { throw cause.error }
    guard let number = value.number else {
      throw TemplateError(.type, "type \(value.typeName) doesn't define __round__ method")
    }
    if method == "common" {
      switch number {
      case .integer(let value, let origin):
        return .integer(try Self.rounded(value, places), origin)
      case .float(let value, let origin):
        return .float(PythonNumber.rounded(value, places), origin)
      }
    }
    var factor = 1.0
    for _ in 0..<min(Swift.abs(places), 400) { factor *= 10 }
    if places < 0 { factor = 1 / factor }
    let scaled = number.double * factor
    guard scaled.isFinite else { throw TemplateError(.overflow, "cannot round \(scaled)") }
    return .float(scaled.rounded(method == "ceil" ? .up : .down) / factor, number.origin)
  }

  /// Rounds an integer to tens, hundreds and so on, half to even.
  private static func rounded(_ value: Int128, _ places: Int) throws(TemplateError) -> Int128 {
    guard places < 0 else { return value }
    guard places > -38 else { return 0 }
    var unit: Int128 = 1
    for _ in 0..<(-places) { unit *= 10 }
    let remainder = (value % unit + unit) % unit
    let floor = value - remainder
    let isUp =
      remainder > unit - remainder
      || (remainder == unit - remainder && (floor / unit) % 2 != 0)
    return isUp ? floor + unit : floor
  }

  private func fileSize(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("do_filesizeformat", ["binary"])
    let isBinary = given[0]?.truth ?? false
    if case .undefined(let cause) = value { throw cause.error }
    guard
      let bytes = value.number?.double ?? value.text.flatMap({ PythonNumber.float($0) })
    else {
      throw TemplateError(.type, "float() argument must be a number, not '\(value.typeName)'")
    }
    let base = isBinary ? 1024.0 : 1000.0
    if bytes == 1 { return OriginText("1 Byte", .data) }
    if bytes < base {
      let whole = Int128(exactly: bytes.rounded(.towardZero)) ?? 0
      return OriginText("\(whole) Bytes", .data)
    }
    var unit = base * base
    for (index, letter) in "kMGTPEZY".enumerated() {
      if bytes < unit || index == 7 {
        let prefix = isBinary ? "\(letter)".uppercased() + "iB" : "\(letter)B"
        return OriginText(PythonNumber.fixed(base * bytes / unit, 1) + " " + prefix, .data)
      }
      unit *= base
    }
    return OriginText()
  }
}
