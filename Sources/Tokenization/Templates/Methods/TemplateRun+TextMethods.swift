// SPDX-License-Identifier: Apache-2.0

/// The methods of Python's `str`.
extension TemplateRun {
  func call(
    _ method: ValueMethod,
    on text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    try spend(scanned: text.count)
    if Self.takesNothing(method) { _ = try arguments.bound(method.rawValue, []) }
    switch method {
    case .capitalize: return .text(try own(text.capitalized()))
    case .casefold: return .text(try own(text.caseFolded()))
    case .lower: return .text(try own(text.lowercased()))
    case .upper: return .text(try own(text.uppercased()))
    case .title: return .text(try own(text.titled()))
    case .swapcase: return .text(try own(text.caseSwapped()))
    case .encode: return .bytes(Array(text.string.utf8))
    case .format: return .text(try braceFormat(text, arguments))
    case .strip, .lstrip, .rstrip: return .text(try strip(method, text, arguments))
    case .removeprefix, .removesuffix: return .text(try remove(method, text, arguments))
    case .split, .rsplit: return try split(method, text, arguments)
    case .splitlines:
      let given = try arguments.bound("splitlines", ["keepends"])
      return try .makeList(text.lines(keepingEnds: given[0]?.truth ?? false).map { .text($0) })
    case .partition, .rpartition: return try partition(method, text, arguments)
    case .join:
      let given = try arguments.bound("join", ["iterable"], required: 1, positionalOnly: true)
      return .text(try joinStrictly(given[0] ?? .none, text))
    case .replace: return .text(try replace(text, arguments))
    case .startswith, .endswith: return .boolean(try hasEnd(method, text, arguments))
    case .find, .rfind, .index, .rindex, .count: return try find(method, text, arguments)
    case .center, .ljust, .rjust, .zfill: return .text(try pad(method, text, arguments))
    case .expandtabs: return .text(try expandTabs(text, arguments))
    default: return .boolean(try holds(method, text))
    }
  }

  private static func takesNothing(_ method: ValueMethod) -> Bool {
    switch method {
    case .capitalize, .casefold, .lower, .upper, .title, .swapcase, .isalnum, .isalpha, .isascii,
      .isdecimal, .isdigit, .isidentifier, .islower, .isnumeric, .isprintable, .isspace, .istitle,
      .isupper:
      true
    default: false
    }
  }

  /// A text that was just made: it counts toward what a render may build.
  func own(_ text: OriginText) throws(TemplateError) -> OriginText {
    try spend(scalars: text.count)
    return text
  }

  private func holds(_ method: ValueMethod, _ text: OriginText) throws(TemplateError) -> Bool {
    let scalars = text.scalars
    func all(_ isWanted: (Unicode.Scalar) -> Bool) -> Bool {
      !scalars.isEmpty && scalars.allSatisfy(isWanted)
    }
    switch method {
    case .isalnum: return all(PythonText.isAlphanumeric)
    case .isalpha: return all(PythonText.isLetter)
    case .isascii: return scalars.allSatisfy(\.isASCII)
    case .isdecimal: return all(PythonText.isDecimal)
    case .isdigit: return all(PythonText.isDigit)
    case .isnumeric: return all(PythonText.isNumeric)
    case .isspace: return all(PythonText.isSpace)
    case .isprintable: return scalars.allSatisfy(PythonText.isPrintable)
    case .isidentifier: return PythonText.isIdentifier(scalars)
    case .isupper:
      return scalars.contains(where: PythonText.isUpper)
        && !scalars.contains { PythonText.isLower($0) || PythonText.isTitle($0) }
    case .islower:
      return scalars.contains(where: PythonText.isLower)
        && !scalars.contains { PythonText.isUpper($0) || PythonText.isTitle($0) }
    case .istitle: return isTitled(scalars)
    default: throw TemplateError(.undefined, "'str object' has no attribute '\(method.rawValue)'")
    }
  }

  private func isTitled(_ scalars: [Unicode.Scalar]) -> Bool {
    var followsCased = false
    var hasCased = false
    for scalar in scalars {
      let isHigh = PythonText.isUpper(scalar) || PythonText.isTitle(scalar)
      if isHigh || PythonText.isLower(scalar) {
        if isHigh == followsCased { return false }
        followsCased = true
        hasCased = true
      } else {
        followsCased = false
      }
    }
    return hasCased
  }

  /// An argument that must be a text.
  func requiredText(
    _ value: TemplateValue?,
    _ function: String
  ) throws(TemplateError) -> OriginText {
    guard let text = value?.text else {
      throw TemplateError(
        .type,
        "\(function) argument must be str, not \(value?.typeName ?? "NoneType")"
      )
    }
    return text
  }

  private func strip(
    _ method: ValueMethod,
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound(method.rawValue, ["chars"], positionalOnly: true)
    return try strip(text, given[0], left: method != .rstrip, right: method != .lstrip)
  }

  /// Strips white space, or the scalars of a text.
  func strip(
    _ text: OriginText,
    _ characters: TemplateValue?,
    left: Bool = true,
    right: Bool = true
  ) throws(TemplateError) -> OriginText {
    guard let characters, !characters.isNone else {
      return text.stripped(left: left, right: right)
    }
    guard let set = characters.text else {
      throw TemplateError(.type, "strip arg must be None or str")
    }
    let stripped = Set(set.scalars)
    return text.stripped(left: left, right: right) { stripped.contains($0) }
  }

  private func remove(
    _ method: ValueMethod,
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound(method.rawValue, ["affix"], required: 1, positionalOnly: true)
    let affix = try requiredText(given[0], "\(method.rawValue)()")
    if method == .removeprefix {
      return text.hasPrefix(affix) ? text[affix.count..<text.count] : text
    }
    return text.hasSuffix(affix) && !affix.isEmpty ? text[0..<text.count - affix.count] : text
  }

  private func replace(
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("replace", ["old", "new", "count"], required: 2)
    let old = try requiredText(given[0], "replace()")
    let new = try requiredText(given[1], "replace()")
    let count = try given[2].map { value throws(TemplateError) in try integer(value) } ?? -1
    return try replaced(text, old, text.isMarkup ? new.htmlEscaped() : new, count)
  }

  /// Replaces the first `count` places of a text, all of them where `count` is negative.
  func replaced(
    _ text: OriginText,
    _ old: OriginText,
    _ new: OriginText,
    _ count: Int
  ) throws(TemplateError) -> OriginText {
    try spend(scanned: text.count + old.count)
    let places = text.indices(of: old, limit: count < 0 ? .max : count)
    guard !places.isEmpty else { return text }
    let grown = Self.product(places.count, new.count)
    try spend(
      scalars: grown.addingReportingOverflow(text.count).overflow ? .max : grown + text.count
    )
    var result = OriginText()
    result.isMarkup = text.isMarkup
    result.reserveCapacity(text.count + grown - places.count * old.count)
    for (index, part) in text.cut(at: places, length: old.count).enumerated() {
      if index > 0 { result.append(new) }
      result.append(part)
    }
    return result
  }

  private func hasEnd(
    _ method: ValueMethod,
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> Bool {
    let given = try arguments.bound(
      method.rawValue,
      ["affix", "start", "end"],
      required: 1,
      positionalOnly: true
    )
    var affixes = [given[0] ?? .none]
    if case .tuple(let box)? = given[0] { affixes = box.values }
    let range = try stretch(given[1], given[2], text.count)
    // A start behind the end holds nothing, not even the empty text.
    if let start = given[1], !start.isNone, try integer(start) > text.count { return false }
    let part = text[range]
    for affix in affixes {
      guard let affix = affix.text else {
        throw TemplateError(
          .type,
          "\(method.rawValue) first arg must be str or a tuple of str, not \(affix.typeName)"
        )
      }
      if method == .startswith ? part.hasPrefix(affix) : part.hasSuffix(affix) { return true }
    }
    return false
  }

  private func find(
    _ method: ValueMethod,
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound(
      method.rawValue,
      ["sub", "start", "end"],
      required: 1,
      positionalOnly: true
    )
    let part = try requiredText(given[0], "\(method.rawValue)()")
    let range = try stretch(given[1], given[2], text.count)
    let isOutside = try given[1].map { value throws(TemplateError) in
      !value.isNone ? try integer(value) > text.count : false
    }
    let place: Int?
    switch method {
    case .count:
      return .integer(isOutside == true ? 0 : text.indices(of: part, in: range).count)
    case .find, .index: place = isOutside == true ? nil : text.firstIndex(of: part, in: range)
    default: place = isOutside == true ? nil : text.lastIndex(of: part, in: range)
    }
    if let place { return .integer(place) }
    guard method == .find || method == .rfind else {
      throw TemplateError(.value, "substring not found")
    }
    return .integer(-1)
  }
}
