// SPDX-License-Identifier: Apache-2.0

/// The methods that cut texts and put them together.
extension TemplateRun {
  func split(
    _ method: ValueMethod,
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound(method.rawValue, ["sep", "maxsplit"])
    let most = try given[1].map { value throws(TemplateError) in try integer(value) } ?? -1
    let limit = most < 0 ? Int.max : most
    try spend(scalars: text.count)
    let parts: [OriginText]
    if let separator = given[0], !separator.isNone {
      let separator = try requiredText(separator, "\(method.rawValue)()")
      guard !separator.isEmpty else { throw TemplateError(.value, "empty separator") }
      let places =
        method == .split
        ? text.indices(of: separator, limit: limit)
        : text.indicesFromRight(of: separator, limit: limit)
      parts = text.cut(at: places, length: separator.count)
    } else if method == .split {
      parts = text.splitAtSpace(limit: limit)
    } else {
      parts = text.splitAtSpaceFromRight(limit: limit)
    }
    try spend(elements: parts.count)
    return try .makeList(parts.map { .text($0) })
  }

  func partition(
    _ method: ValueMethod,
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> TemplateValue {
    let given = try arguments.bound(method.rawValue, ["sep"], required: 1, positionalOnly: true)
    let separator = try requiredText(given[0], "\(method.rawValue)()")
    guard !separator.isEmpty else { throw TemplateError(.value, "empty separator") }
    try spend(scalars: text.count)
    let isLeft = method == .partition
    let place = isLeft ? text.firstIndex(of: separator) : text.lastIndex(of: separator)
    let empty = TemplateValue.text(OriginText())
    guard let place else {
      return try .makeTuple(isLeft ? [.text(text), empty, empty] : [empty, empty, .text(text)])
    }
    let end = place + separator.count
    return try .makeTuple([
      .text(text[0..<place]), .text(text[place..<end]), .text(text[end..<text.count]),
    ])
  }

  /// Joins texts, and refuses what is none, as `str.join` does.
  func joinStrictly(
    _ values: TemplateValue,
    _ separator: OriginText
  ) throws(TemplateError) -> OriginText {
    let step = try values.requiredStep()
    var parts: [OriginText] = []
    while let value = try step() {
      try spend(steps: 1)
      guard let text = value.text else {
        throw TemplateError(
          .type,
          "sequence item \(parts.count): expected str instance, \(value.typeName) found"
        )
      }
      parts.append(separator.isMarkup ? text.htmlEscaped() : text)
    }
    return try joined(parts, separator)
  }

  /// Puts texts together with a separator between them.
  func joined(
    _ parts: [OriginText],
    _ separator: OriginText
  ) throws(TemplateError) -> OriginText {
    var total = Self.product(separator.count, max(0, parts.count - 1))
    for part in parts { total = total.addingReportingOverflow(part.count).partialValue }
    try spend(scalars: total < 0 ? .max : total)
    var result = OriginText()
    result.isMarkup = separator.isMarkup
    result.reserveCapacity(total)
    for (index, part) in parts.enumerated() {
      if index > 0 { result.append(separator) }
      result.append(part)
    }
    return result
  }
}
