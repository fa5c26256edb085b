// SPDX-License-Identifier: Apache-2.0

/// Python's `pprint`, in lines of 80 scalars: keys sorted where they can be, elements on lines of
/// their own where they do not fit on one. Long texts are not cut.
extension TemplateRun {
  private static let lineWidth = 80

  func prettyPrinted(_ value: TemplateValue) throws(TemplateError) -> OriginText {
    var result = OriginText()
    try append(value, indentation: 0, behind: 0, to: &result)
    return result
  }

  private func append(
    _ value: TemplateValue,
    indentation: Int,
    behind: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    let sorted = try sortedByKeys(value)
    let line = try representation(of: sorted)
    if line.count <= Self.lineWidth - indentation - behind {
      result.append(line)
      return
    }
    switch sorted {
    case .list(let box): try append(box.values, "[", "]", indentation, behind, to: &result)
    case .tuple(let box):
      let close = box.values.count == 1 ? ",)" : ")"
      try append(box.values, "(", close, indentation, behind, to: &result)
    case .dictionary(let box): try append(box, indentation, behind, to: &result)
    default: result.append(line)
    }
  }

  private func append(
    _ values: [TemplateValue],
    _ open: String,
    _ close: String,
    _ indentation: Int,
    _ behind: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    result.append(open, .data)
    for (index, value) in values.enumerated() {
      if index > 0 { try appendBreak(indentation + 1, to: &result) }
      let isLast = index == values.count - 1
      try append(
        value,
        indentation: indentation + 1,
        behind: isLast ? close.count + behind : 1,
        to: &result
      )
    }
    result.append(close, .data)
  }

  private func append(
    _ box: DictionaryBox,
    _ indentation: Int,
    _ behind: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    result.append("{", .data)
    for index in 0..<box.count {
      if index > 0 { try appendBreak(indentation + 1, to: &result) }
      let key = try representation(of: box.keys[index])
      result.append(key)
      result.append(": ", .data)
      let isLast = index == box.count - 1
      try append(
        box.values[index],
        indentation: indentation + key.count + 3,
        behind: isLast ? 1 + behind : 1,
        to: &result
      )
    }
    result.append("}", .data)
  }

  private func appendBreak(
    _ indentation: Int,
    to result: inout OriginText
  ) throws(TemplateError) {
    try spend(scalars: indentation + 2)
    result.append(",\n" + String(repeating: " ", count: indentation), .data)
  }

  /// The value with the keys of its dictionaries in order, at any depth.
  private func sortedByKeys(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
    try enter()
    defer { leave() }
    try spend(steps: 1)
    switch value {
    case .list(let box): return try .makeList(sortedByKeys(box.values))
    case .tuple(let box): return try .makeTuple(sortedByKeys(box.values))
    case .dictionary(let box):
      let order = (try? sortedOrder(box)) ?? Array(0..<box.count)
      var members: [(TemplateValue, TemplateValue)] = []
      for index in order { members.append((box.keys[index], try sortedByKeys(box.values[index]))) }
      return .dictionary(try DictionaryBox(members))
    default: return value
    }
  }

  private func sortedByKeys(_ values: [TemplateValue]) throws(TemplateError) -> [TemplateValue] {
    var result: [TemplateValue] = []
    for value in values { result.append(try sortedByKeys(value)) }
    return result
  }
}
