// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  /// How `tojson` writes.
  private struct JSONStyle {
    var escapesNonASCII = false
    var indentation: OriginText?
    var itemSeparator = OriginText(", ", .data)
    var keySeparator = OriginText(": ", .data)
    var sortsKeys = false
  }

  /// What the environment's `tojson` gives: Python's `json.dumps` with `ensure_ascii` off.
  ///
  /// The texts in it keep their origins, each escape that of its scalar; brackets, quotes and the
  /// filter's own separators are data, so no value can complete a control token with them.
  func json(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound(
      "tojson",
      ["ensure_ascii", "indent", "separators", "sort_keys"]
    )
    var style = JSONStyle()
    style.escapesNonASCII = given[0]?.truth ?? false
    style.sortsKeys = given[3]?.truth ?? false
    if let indent = given[1], !indent.isNone {
      if let text = indent.text {
        style.indentation = text
      } else {
        let width = try integer(indent)
        style.indentation = try padded(OriginText(), width, OriginText(" ", .data), .ljust)
      }
      style.itemSeparator = OriginText(",", .data)
    }
    if let separators = given[2], !separators.isNone {
      let parts = try separators.elements()
      guard parts.count == 2 else {
        throw TemplateError(.value, "separators must be a pair")
      }
      style.itemSeparator = try requiredText(parts[0], "tojson()")
      style.keySeparator = try requiredText(parts[1], "tojson()")
    }
    var result = OriginText()
    try appendJSON(value, style, level: 0, to: &result)
    return result
  }

  private func appendJSON(
    _ value: TemplateValue,
    _ style: JSONStyle,
    level: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    let before = result.count
    switch value {
    case .none: result.append("null", .data)
    case .boolean(let value): result.append(value ? "true" : "false", .data)
    case .integer(let value, let origin): result.append("\(value)", origin)
    case .float(let value, let origin): result.append(Self.jsonText(value), origin)
    case .text(let text):
      text.appendJSON(escapingNonASCII: style.escapesNonASCII, to: &result)
    case .list(let box), .tuple(let box):
      try appendItems(box.values, style, level, to: &result)
    case .object(let group as GroupObject):
      try appendItems(group.pair.values, style, level, to: &result)
    case .dictionary(let box): try appendMembers(box, style, level, to: &result)
    default:
      throw TemplateError(
        .type,
        "Object of type \(value.typeName) is not JSON serializable"
      )
    }
    try spend(scalars: result.count - before)
  }

  private static func jsonText(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return PythonNumber.representation(value)
  }

  private func appendItems(
    _ values: [TemplateValue],
    _ style: JSONStyle,
    _ level: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    result.append("[", .data)
    for (index, value) in values.enumerated() {
      try spend(steps: 1)
      if index > 0 { result.append(style.itemSeparator) }
      try appendBreak(style, level + 1, to: &result)
      try appendJSON(value, style, level: level + 1, to: &result)
    }
    if !values.isEmpty { try appendBreak(style, level, to: &result) }
    result.append("]", .data)
  }

  private func appendMembers(
    _ box: DictionaryBox,
    _ style: JSONStyle,
    _ level: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    var order = Array(0..<box.count)
    if style.sortsKeys { order = try sortedOrder(box) }
    result.append("{", .data)
    for (place, index) in order.enumerated() {
      try spend(steps: 1)
      if place > 0 { result.append(style.itemSeparator) }
      try appendBreak(style, level + 1, to: &result)
      try jsonKey(box.keys[index])
        .appendJSON(escapingNonASCII: style.escapesNonASCII, to: &result)
      result.append(style.keySeparator)
      try appendJSON(box.values[index], style, level: level + 1, to: &result)
    }
    if box.count > 0 { try appendBreak(style, level, to: &result) }
    result.append("}", .data)
  }

  func sortedOrder(_ box: DictionaryBox) throws(TemplateError) -> [Int] {
    let sorted = try applyOrdering(
      .dictsort,
      .dictionary(box),
      CallArguments(positional: [.boolean(true)])
    )
    var order: [Int] = []
    for member in try sorted.elements() {
      let key = try HashableValue(member.elements()[0])
      for index in 0..<box.count where try HashableValue(box.keys[index]) == key {
        order.append(index)
      }
      try spend(steps: box.count)
    }
    return order
  }

  private func jsonKey(_ key: TemplateValue) throws(TemplateError) -> OriginText {
    switch key {
    case .text(let text): return text
    case .none: return OriginText("null", .data)
    case .boolean(let value): return OriginText(value ? "true" : "false", .data)
    case .integer(let value, let origin): return OriginText("\(value)", origin)
    case .float(let value, let origin): return OriginText(Self.jsonText(value), origin)
    default:
      throw TemplateError(
        .type,
        "keys must be str, int, float, bool or None, not \(key.typeName)"
      )
    }
  }

  private func appendBreak(
    _ style: JSONStyle,
    _ level: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    guard let indentation = style.indentation else { return }
    result.append("\n", .data)
    try spend(scalars: Self.product(indentation.count, level))
    for _ in 0..<level { result.append(indentation) }
  }
}
