// SPDX-License-Identifier: Apache-2.0

extension PatternParser {
  /// What stands behind a backslash: one scalar, or a class of them.
  enum Escape {
    case scalar(UInt32)
    case items([CharacterSet.Item])
  }

  /// Parses what follows `[`.
  mutating func parseSet(from start: Int) throws(TokenizationError) -> CharacterSet {
    let isNegated = take("^")
    var items: [CharacterSet.Item] = []
    var isFirst = true
    while true {
      guard let scalar = peek() else { throw unsupported("[", at: start) }
      if scalar == "]", !isFirst { break }
      if scalar == "[" { throw unsupported("[ in a set") }
      if scalar == "&", position + 1 < scalars.count, scalars[position + 1] == "&" {
        throw unsupported("&&")
      }
      isFirst = false
      items += try parseSetItem()
    }
    position += 1
    return CharacterSet(items, isNegated: isNegated)
  }

  private mutating func parseSetItem() throws(TokenizationError) -> [CharacterSet.Item] {
    let start = position
    let low: UInt32
    switch try parseSetScalar() {
    case .items(let items): return items
    case .scalar(let value): low = value
    }
    guard peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
      return try cases(of: low...low, from: start)
    }
    position += 1
    guard case .scalar(let high) = try parseSetScalar(), low <= high else {
      throw unsupported("-", at: start)
    }
    return try cases(of: low...high, from: start)
  }

  private mutating func parseSetScalar() throws(TokenizationError) -> Escape {
    let start = position
    guard let scalar = peek(), scalar != "[" else { throw unsupported("[ in a set") }
    position += 1
    return scalar == "\\" ? try parseEscape(from: start) : .scalar(scalar.value)
  }

  /// Parses what follows a backslash.
  mutating func parseEscape(from start: Int) throws(TokenizationError) -> Escape {
    guard let scalar = peek() else { throw unsupported("\\", at: start) }
    position += 1
    switch scalar {
    case "n": return .scalar(0x0A)
    case "r": return .scalar(0x0D)
    case "t": return .scalar(0x09)
    case "f": return .scalar(0x0C)
    case "v": return .scalar(0x0B)
    case "a": return .scalar(0x07)
    case "e": return .scalar(0x1B)
    case "s": return .items([.classes(.space)])
    case "S": return .items([.notClasses(.space)])
    case "d": return .items([.categories(Self.decimalDigits)])
    case "D": return .items([.notCategories(Self.decimalDigits)])
    case "w": return .items(Self.word)
    case "p", "P": return .items([try parseProperty(isNegated: scalar == "P", from: start)])
    case "u": return .scalar(try parseHexadecimal(from: start, digits: 4))
    case "x":
      guard take("{") else { return .scalar(try parseHexadecimal(from: start, digits: 2)) }
      let value = try parseHexadecimal(from: start, digits: nil)
      guard take("}") else { throw unsupported("\\x", at: start) }
      return .scalar(value)
    default:
      // A letter or digit with a backslash has a meaning that is not known here.
      guard scalar.value < 128, !("0"..."9").contains(scalar), !("A"..."Z").contains(scalar),
        !("a"..."z").contains(scalar)
      else { throw unsupported("\\\(scalar)", at: start) }
      return .scalar(scalar.value)
    }
  }

  private mutating func parseHexadecimal(
    from start: Int,
    digits: Int?
  ) throws(TokenizationError) -> UInt32 {
    var value: UInt32 = 0
    var count = 0
    while let scalar = peek(), count < digits ?? 6, scalar.value < 128,
      let digit = UInt32(String(scalar), radix: 16)
    {
      value = value << 4 | digit
      count += 1
      position += 1
    }
    // A byte above 7F by `\x` is half a character to Oniguruma.
    guard count == digits ?? max(count, 1), digits != 2 || value < 128,
      Unicode.Scalar(value) != nil
    else {
      throw unsupported("\\\(scalars[start + 1])", at: start)
    }
    return value
  }

  private mutating func parseProperty(
    isNegated: Bool,
    from start: Int
  ) throws(TokenizationError) -> CharacterSet.Item {
    let letter = isNegated ? "P" : "p"
    guard take("{") else { throw unsupported("\\\(letter)", at: start) }
    var negated = isNegated
    if take("^") { negated.toggle() }
    var name = ""
    while let scalar = peek(), scalar != "}" {
      name.unicodeScalars.append(scalar)
      position += 1
    }
    let written = "\\\(letter){\(name)}"
    guard take("}") else { throw unsupported(written, at: start) }
    if let mask = Self.classes[name] { return negated ? .notClasses(mask) : .classes(mask) }
    guard let index = UnicodeClasses.categoryNames.firstIndex(of: name) else {
      throw unsupported(written, at: start)
    }
    // With case ignored, \p{Lu} would take lower-case letters too.
    if ignoresCase, name.hasPrefix("L") { throw unsupported("(?i:\(written))", at: start) }
    let bit = UInt32(1) << UInt32(index)
    return negated ? .notCategories(bit) : .categories(bit)
  }

  private static let classes: [String: ClassMask] = [
    "L": .letter, "M": .mark, "N": .number, "P": .punctuation, "S": .symbol,
    "Letter": .letter, "Mark": .mark, "Number": .number, "Punctuation": .punctuation,
    "Symbol": .symbol,
  ]

  private static let decimalDigits = bits { $0 == "Nd" }

  /// What `\w` takes in the published engine: letters, marks, digits, letter numbers, connectors,
  /// the Latin-1 superscripts and fractions, and the letters in circles and squares.
  static let word: [CharacterSet.Item] = [
    .categories(
      bits { $0.hasPrefix("L") || $0.hasPrefix("M") || ["Nd", "Nl", "Pc"].contains($0) }
    ),
    .range(0xB2...0xB3), .range(0xB9...0xB9), .range(0xBC...0xBE), .range(0x24B6...0x24E9),
    .range(0x1F130...0x1F149), .range(0x1F150...0x1F169), .range(0x1F170...0x1F189),
  ]

  private static func bits(_ isMember: (String) -> Bool) -> UInt32 {
    var bits: UInt32 = 0
    for (index, name) in UnicodeClasses.categoryNames.enumerated() where isMember(name) {
      bits |= 1 << UInt32(index)
    }
    return bits
  }
}
