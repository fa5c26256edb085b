// SPDX-License-Identifier: Apache-2.0

/// Filters that speak of HTML.
extension TemplateRun {
  func applyMarkup(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    switch filter {
    case .xmlattr: return try attributes(value, arguments)
    case .urlencode: return try urlEncoded(value)
    default: break
    }
    _ = try arguments.bound(filter.rawValue, [])
    let text = try text(of: value)
    switch filter {
    case .escape: return try own(text.htmlEscaped())
    case .forceescape: return try own(text.markup(false).htmlEscaped())
    case .striptags: return try own(stripTags(text))
    default: return text.markup(true)
    }
  }

  private func attributes(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("do_xmlattr", ["autospace"])
    if case .undefined(let cause) = value { throw cause.error }
    guard case .dictionary(let box) = value else {
      throw TemplateError(.undefined, "'\(value.typeName) object' has no attribute 'items'")
    }
    var result = OriginText()
    for (key, member) in zip(box.keys, box.values) where !member.isNone && !member.isUndefined {
      let name = try requiredText(key, "xmlattr()")
      if name.scalars.contains(where: { " \t\n\u{B}\u{C}\r/>=".unicodeScalars.contains($0) }) {
        throw TemplateError(
          .value,
          "Invalid character in attribute name: \(name.representation().string)"
        )
      }
      if !result.isEmpty { result.append(" ", .data) }
      result.append(name.htmlEscaped())
      result.append("=\"", .data)
      result.append(try text(of: member).htmlEscaped())
      result.append("\"", .data)
    }
    if !result.isEmpty, given[0]?.truth ?? true {
      result = OriginText(" ", .data).appending(result)
    }
    return try own(result.markup(isEscaping))
  }

  private func urlEncoded(_ value: TemplateValue) throws(TemplateError) -> OriginText {
    var pairs: [TemplateValue]?
    switch value {
    case .text: break
    case .dictionary(let box): pairs = try TemplateValue.view(.items, box).elements()
    default: if try value.makeStep() != nil { pairs = try value.elements() }
    }
    guard let pairs else { return try own(quoted(text(of: value), isQuery: false)) }
    var parts: [OriginText] = []
    for pair in pairs {
      let parts2 = try pair.elements()
      guard parts2.count == 2 else {
        throw TemplateError(.value, "urlencode takes pairs")
      }
      var part = quoted(try text(of: parts2[0]), isQuery: true)
      part.append("=", .data)
      part.append(quoted(try text(of: parts2[1]), isQuery: true))
      parts.append(part)
    }
    return try joined(parts, OriginText("&", .data))
  }

  private func quoted(_ text: OriginText, isQuery: Bool) -> OriginText {
    text.markup(false).mapScalars { scalar, _, result, origin in
      let isKept =
        scalar.isASCII && PythonText.isAlphanumeric(scalar)
        || "_.-~".unicodeScalars.contains(scalar) || (scalar == "/" && !isQuery)
      if isKept {
        result.append(scalar, origin)
      } else if scalar == " ", isQuery {
        result.append("+", origin)
      } else {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          result.append("%" + OriginText.hex(UInt32(byte), 2).uppercased(), origin)
        }
      }
    }
  }

  /// The text without comments and tags, white space collapsed and entities resolved.
  private func stripTags(_ text: OriginText) throws(TemplateError) -> OriginText {
    let bare = withoutTags(withoutComments(text.markup(false)))
    let words = bare.splitAtSpace(limit: .max)
    return resolvedEntities(try joined(words, OriginText(" ", .data)))
  }

  private func withoutComments(_ text: OriginText) -> OriginText {
    let open = OriginText("<!--", .data)
    let close = OriginText("-->", .data)
    var result = OriginText()
    var position = 0
    while let start = text.firstIndex(of: open, in: position..<text.count),
      let end = text.firstIndex(of: close, in: start..<text.count)
    {
      result.append(text[position..<start])
      position = end + close.count
    }
    result.append(text[position..<text.count])
    return result
  }

  private func withoutTags(_ text: OriginText) -> OriginText {
    var result = OriginText()
    var position = 0
    while let start = text.scalars[position...].firstIndex(of: "<"),
      let end = text.scalars[start...].firstIndex(of: ">")
    {
      result.append(text[position..<start])
      position = end + 1
    }
    result.append(text[position..<text.count])
    return result
  }

  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    "copy": "\u{A9}", "hellip": "\u{2026}", "mdash": "\u{2014}", "ndash": "\u{2013}",
    "raquo": "\u{BB}", "laquo": "\u{AB}",
  ]

  private func resolvedEntities(_ text: OriginText) -> OriginText {
    var result = OriginText()
    var index = 0
    while index < text.count {
      if text.scalars[index] == "&",
        let end = text.scalars[index...].prefix(12).firstIndex(of: ";"),
        let scalar = entity(text[index + 1..<end].string)
      {
        result.append(scalar, text.origin(at: index))
        index = end + 1
      } else {
        result.append(text[index..<index + 1])
        index += 1
      }
    }
    return result
  }

  private func entity(_ name: String) -> Unicode.Scalar? {
    guard name.first == "#" else { return Self.entities[name] }
    let digits = name.dropFirst()
    let isHex = digits.first == "x" || digits.first == "X"
    let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init)
  }
}
