// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  /// What `str(value)` gives: what is written where a template prints the value.
  ///
  /// A text keeps its origins, a number has its own; what stands around and between the elements of
  /// a list counts as data.
  func text(of value: TemplateValue) throws(TemplateError) -> OriginText {
    switch value {
    case .text(let text): return text
    case .undefined: return OriginText()
    case .none: return OriginText("None", .data)
    case .boolean(let value): return OriginText(value ? "True" : "False", .data)
    case .integer(let value, let origin): return OriginText("\(value)", origin)
    case .float(let value, let origin):
      return OriginText(PythonNumber.representation(value), origin)
    default:
      var result = OriginText()
      try appendRepresentation(of: value, to: &result)
      return result
    }
  }

  /// What `repr(value)` gives.
  func representation(of value: TemplateValue) throws(TemplateError) -> OriginText {
    var result = OriginText()
    try appendRepresentation(of: value, to: &result)
    return result
  }

  private func appendRepresentation(
    of value: TemplateValue,
    to result: inout OriginText
  ) throws(TemplateError) {
    let before = result.count
    switch value {
    case .undefined: result.append("Undefined", .data)
    case .text(let text) where text.isMarkup:
      result.append("Markup(", .data)
      result.append(text.representation())
      result.append(")", .data)
    case .text(let text): result.append(text.representation())
    case .bytes(let bytes): result.append(Self.representation(of: bytes), .data)
    case .list(let box): try append(box.values, "[", "]", to: &result)
    case .tuple(let box):
      try append(box.values, "(", box.values.count == 1 ? ",)" : ")", to: &result)
    case .dictionary(let box): try append(box, to: &result)
    case .range(let range):
      let step = range.step == 1 ? "" : ", \(range.step)"
      result.append("range(\(range.start), \(range.stop)\(step))", .data)
    case .view(let view, let box):
      result.append("dict_\(view.rawValue)(", .data)
      try append(try value.elements(), "[", "]", to: &result)
      result.append(")", .data)
      _ = box
    case .iterator(let iterator): result.append(iterator.description, .data)
    case .object(let group as GroupObject): try append(group.pair.values, "(", ")", to: &result)
    case .object(let namespace as NamespaceObject): try append(namespace, to: &result)
    case .object(let object): result.append(object.description, .data)
    case .none, .boolean, .integer, .float: result.append(try text(of: value))
    }
    try spend(scalars: result.count - before)
  }

  private func append(
    _ values: [TemplateValue],
    _ open: String,
    _ close: String,
    to result: inout OriginText
  ) throws(TemplateError) {
    result.append(open, .data)
    for (index, value) in values.enumerated() {
      if index > 0 { result.append(", ", .data) }
      try appendRepresentation(of: value, to: &result)
    }
    result.append(close, .data)
  }

  private func append(
    _ box: DictionaryBox,
    to result: inout OriginText
  ) throws(TemplateError) {
    result.append("{", .data)
    for index in 0..<box.count {
      if index > 0 { result.append(", ", .data) }
      try appendRepresentation(of: box.keys[index], to: &result)
      result.append(": ", .data)
      try appendRepresentation(of: box.values[index], to: &result)
    }
    result.append("}", .data)
  }

  private func append(
    _ namespace: NamespaceObject,
    to result: inout OriginText
  ) throws(TemplateError) {
    // A namespace may hold itself.
    try enter()
    defer { leave() }
    result.append("<Namespace {", .data)
    for (index, member) in namespace.members.enumerated() {
      if index > 0 { result.append(", ", .data) }
      result.append(OriginText(member.name, .data).representation())
      result.append(": ", .data)
      try appendRepresentation(of: member.value, to: &result)
    }
    result.append("}>", .data)
  }

  private static func representation(of bytes: [UInt8]) -> String {
    let quote: UInt8 =
      bytes.contains(UInt8(ascii: "'")) && !bytes.contains(UInt8(ascii: "\""))
      ? UInt8(ascii: "\"") : UInt8(ascii: "'")
    var text = "b" + String(Unicode.Scalar(quote))
    for byte in bytes {
      switch byte {
      case quote, UInt8(ascii: "\\"): text += "\\" + String(Unicode.Scalar(byte))
      case 0x0A: text += "\\n"
      case 0x0D: text += "\\r"
      case 0x09: text += "\\t"
      case 0x20..<0x7F: text += String(Unicode.Scalar(byte))
      default: text += "\\x" + OriginText.hex(UInt32(byte), 2)
      }
    }
    return text + String(Unicode.Scalar(quote))
  }
}

extension TemplateIterator {
  /// What printing it gives; Python writes an address, which means nothing.
  var description: String {
    functionName.map { "<generator object \($0) at 0xADDR>" }
      ?? "<\(typeName) object at 0xADDR>"
  }
}
