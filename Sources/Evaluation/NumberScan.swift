// SPDX-License-Identifier: Apache-2.0

/// Finds the numbers of a text, one after the other.
struct NumberScan {
  private typealias Scalar = Unicode.Scalar

  private let scalars: [Unicode.Scalar]

  init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

  /// The next number at or behind a position, which moves behind it; nil where there is none.
  func next(from position: inout Int) -> DecimalNumber? {
    while position < scalars.count {
      guard digit(at: position) != nil else {
        position += 1
        continue
      }
      let start = position
      let body = body(at: start)
      position = body.end
      if isWord(before: start) || isWord(behind: body.end) || body.isChain {
        skipWord(&position)
        continue
      }
      return DecimalNumber(
        isNegative: isNegative(at: start),
        integer: body.integer,
        fraction: body.fraction
      )
    }
    return nil
  }

  // MARK: Digits

  private struct Body {
    var integer = ""
    var fraction = ""
    /// Whether points and digits go on, as in a version.
    var isChain = false
    /// Behind the last digit.
    var end: Int
  }

  /// The digits that begin at a position, with their separators and their fraction.
  private func body(at start: Int) -> Body {
    var body = Body(end: start)
    // ".5" says 0.5; in "is.5" the point ends a sentence.
    if start > 0, scalars[start - 1] == ".",
      start < 2 || !scalars[start - 2].isWordLetter && digit(at: start - 2) == nil
    {
      body.fraction = digits(&body.end)
    } else {
      body.integer = digits(&body.end)
      appendGroups(&body)
      if hasDigit(behindPointAt: body.end) {
        body.end += 1
        body.fraction = digits(&body.end)
      }
    }
    while hasDigit(behindPointAt: body.end) {
      body.isChain = true
      body.end += 1
      _ = digits(&body.end)
    }
    return body
  }

  private func digits(_ position: inout Int) -> String {
    var text = ""
    while let digit = digit(at: position) {
      text += String(digit)
      position += 1
    }
    return text
  }

  /// Takes further groups of three digits, each behind a separator: `1,234,567`.
  private func appendGroups(_ body: inout Body) {
    guard body.integer.utf8.count <= 3, body.integer.first != "0" else { return }
    while body.end < scalars.count, scalars[body.end].separatesThousands {
      var end = body.end + 1
      let group = digits(&end)
      guard group.utf8.count == 3 else { return }
      body.integer += group
      body.end = end
    }
  }

  private func hasDigit(behindPointAt position: Int) -> Bool {
    position < scalars.count && scalars[position] == "." && digit(at: position + 1) != nil
  }

  /// The value of a decimal digit of any script, nil for what is none.
  private func digit(at position: Int) -> Int? {
    guard scalars.indices.contains(position) else { return nil }
    let scalar = scalars[position]
    if scalar.isASCII {
      return scalar >= "0" && scalar <= "9" ? Int(scalar.value - 0x30) : nil
    }
    guard scalar.properties.numericType == .decimal else { return nil }
    return scalar.properties.numericValue.map { Int($0) }
  }

  // MARK: Words

  private func isWord(before start: Int) -> Bool {
    start > 0 && scalars[start - 1].isWordLetter
  }

  /// Whether letters behind the digits make a word of them: an ordinal, or more digits.
  ///
  /// Other letters are a unit: `12km`.
  private func isWord(behind end: Int) -> Bool {
    var letters = ""
    var position = end
    while position < scalars.count, scalars[position].isWordLetter {
      letters.unicodeScalars.append(scalars[position])
      position += 1
    }
    guard !letters.isEmpty else { return false }
    return digit(at: position) != nil || ["st", "nd", "rd", "th"].contains(letters.lowercased())
  }

  private func skipWord(_ position: inout Int) {
    while position < scalars.count, scalars[position].isWordLetter || digit(at: position) != nil {
      position += 1
    }
  }

  // MARK: Signs

  /// Whether a minus stands before the number that begins at a position.
  private func isNegative(at start: Int) -> Bool {
    var position = start - 1
    // ".5", "-$5", "-\$5", "**5**"
    if position >= 0, scalars[position] == "." { position -= 1 }
    while position >= 0, scalars[position].mayStandBeforeDigits { position -= 1 }
    guard position >= 0 else { return false }
    if scalars[position].isMinus { return isSign(at: position, isApart: false) }
    guard scalars[position].properties.isWhitespace else { return false }
    let last = lastVisible(before: position)
    guard let last else { return false }
    if scalars[last].isMinus { return isSign(at: last, isApart: true) }
    return isNegatingWord(endingAt: last)
  }

  /// Whether a minus belongs to what follows it, and does not stand between two terms.
  ///
  /// - Parameters:
  ///   - position: The minus.
  ///   - isApart: Whether white space stands between it and the digits: then it may be a dash or a
  ///     list's mark, and counts behind what a value follows.
  /// - Returns: False for a minus between two terms, a dash or a list's mark.
  private func isSign(at position: Int, isApart: Bool) -> Bool {
    if isApart {
      guard scalars[position] == "-" || scalars[position] == "\u{2212}",
        let last = lastVisible(before: position)
      else { return false }
      return "=≈:([{".unicodeScalars.contains(scalars[last])
    }
    guard let last = lastVisible(before: position) else { return true }
    // "3-5" and "3 -5" are terms; "covid-19" is a name.
    if digit(at: last) != nil || ")]}".unicodeScalars.contains(scalars[last]) { return false }
    return !(last == position - 1 && scalars[last].isWordLetter)
  }

  /// Whether "minus" or "negative" ends at a position, and "minus" is not what stands between two
  /// numbers.
  private func isNegatingWord(endingAt last: Int) -> Bool {
    var start = last + 1
    while start > 0, scalars[start - 1].isWordLetter { start -= 1 }
    var word = ""
    word.unicodeScalars.append(contentsOf: scalars[start..<last + 1])
    switch word.lowercased() {
    case "negative": return true
    case "minus": return lastVisible(before: start).map { digit(at: $0) == nil } ?? true
    default: return false
    }
  }

  private func lastVisible(before position: Int) -> Int? {
    var index = position - 1
    while index >= 0, scalars[index].properties.isWhitespace { index -= 1 }
    return index >= 0 ? index : nil
  }
}

extension Unicode.Scalar {
  /// Whether it is a letter of a script with capitals, or an underscore.
  ///
  /// In other scripts a number may stand at a letter: "是5", "و5".
  fileprivate var isWordLetter: Bool { self == "_" || properties.isCased }

  /// A comma, or a space that no line breaks at.
  fileprivate var separatesThousands: Bool {
    switch value {
    case 0x2C, 0xA0, 0x2009, 0x202F, 0x66C: true
    default: false
    }
  }

  /// A hyphen, a minus or a short dash.
  fileprivate var isMinus: Bool {
    switch value {
    case 0x2D, 0x2010...0x2013, 0x2212, 0xFE63, 0xFF0D: true
    default: false
    }
  }

  /// What stands between a sign and its digits: a currency, and what marks up.
  fileprivate var mayStandBeforeDigits: Bool {
    self == "*" || self == "\\" || properties.generalCategory == .currencySymbol
  }
}
