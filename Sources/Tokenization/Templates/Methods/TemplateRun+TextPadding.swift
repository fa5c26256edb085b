// SPDX-License-Identifier: Apache-2.0

/// The methods that fill texts up.
extension TemplateRun {
  func pad(
    _ method: ValueMethod,
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let names = method == .zfill ? ["width"] : ["width", "fillchar"]
    let given = try arguments.bound(method.rawValue, names, required: 1, positionalOnly: true)
    let width = try integer(given[0] ?? .none)
    if method == .zfill { return try zeroFilled(text, width) }
    var fill = OriginText(" ", .data)
    if let given = given[1] {
      fill = try requiredText(given, "\(method.rawValue)()")
      guard fill.count == 1 else {
        throw TemplateError(.type, "The fill character must be exactly one character long")
      }
    }
    return try padded(text, width, fill, method)
  }

  /// Fills a text up to a width.
  func padded(
    _ text: OriginText,
    _ width: Int,
    _ fill: OriginText,
    _ method: ValueMethod
  ) throws(TemplateError) -> OriginText {
    let missing = width - text.count
    guard missing > 0 else { return text }
    try spend(scalars: width)
    let left: Int
    switch method {
    case .ljust: left = 0
    case .rjust: left = missing
    // CPython puts the odd scalar to the left where the width is odd.
    default: left = missing / 2 + (missing & width & 1)
    }
    var result = OriginText()
    result.isMarkup = text.isMarkup
    for _ in 0..<left { result.append(fill) }
    result.append(text)
    for _ in 0..<missing - left { result.append(fill) }
    return result
  }

  private func zeroFilled(_ text: OriginText, _ width: Int) throws(TemplateError) -> OriginText {
    guard width > text.count else { return text }
    let isSigned = text.scalars.first == "-" || text.scalars.first == "+"
    let digits = isSigned ? text[1..<text.count] : text
    let zeros = try padded(digits, width - (isSigned ? 1 : 0), OriginText("0", .data), .rjust)
    return isSigned ? text[0..<1].appending(zeros) : zeros
  }

  func expandTabs(
    _ text: OriginText,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("expandtabs", ["tabsize"])
    let size = try given[0].map { value throws(TemplateError) in try integer(value) } ?? 8
    let tabCount = text.scalars.count { $0 == "\t" }
    try spend(scalars: Self.product(tabCount, max(0, size)))
    var column = 0
    return try own(
      text.mapScalars { scalar, _, result, origin in
        if scalar == "\t" {
          guard size > 0 else { return }
          let count = size - column % size
          for _ in 0..<count { result.append(" ", .data) }
          column += count
        } else {
          column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
          result.append(scalar, origin)
        }
      }
    )
  }
}
