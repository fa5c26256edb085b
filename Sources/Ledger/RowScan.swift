// SPDX-License-Identifier: Apache-2.0

/// A row as this program writes it, found in a file's bytes without taking them apart as JSON.
///
/// Places are those of the bytes that were scanned.
struct ScannedRow {
  /// The writer's name without its quotes.
  let writer: Range<Int>
  /// The row's number.
  let n: Int
  /// What is added up.
  let figures: RowFigures
  /// The members of `tokens`, without the braces.
  let tokens: Range<Int>
  /// Whether the row is no work but the plan of a run.
  let isPlan: Bool
  /// The digits of the hash of the row before.
  let previousHash: Range<Int>
  /// The digits of the row's own hash.
  let hash: Range<Int>
  /// Where the member begins that the hash does not cover.
  let sealStart: Int
  /// The place of the line feed.
  let end: Int
}

/// Looks for rows of the usual form: ASCII without escapes, the keys of `tokens` in order.
///
/// Whatever it finds `ChainedRow` reads too; a row that it does not find may be one all the same, as
/// JSON allows more forms. Verification looks at ten million rows: this is five times as fast.
struct RowScan: ~Escapable {
  private let bytes: Span<UInt8>
  private let form: RowForm
  private var position: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, from start: Int, _ form: RowForm) {
    self.bytes = bytes
    self.form = form
    position = start
  }

  /// The row that begins here and ends with a line feed; nil where it has another form.
  mutating func row() -> ScannedRow? {
    var figures = RowFigures()
    var isPlan = false
    guard skip(form.beginning), let writer = text(), skip(form.n), let n = natural(),
      skip(form.time), isTime(), skip(form.kind), isOne(of: form.kinds), skip(form.run),
      isTextOrNull(), skip(form.recipe), isTextOrNull(), skip(form.code), isTextOrNull(),
      skip(form.weights), isTextOrNull(), skip(form.device), isTextOrNull(), skip(form.count),
      isIntegerOrNull(), skip(form.seconds), readNumber(&figures.seconds), skip(form.tokens),
      let tokens = tokens(&isPlan), skip(form.operations), readNumber(&figures.operations),
      skip(form.joules), readNumber(&figures.joules), skip(form.source),
      let source = index(of: form.sources), skip(form.dollars), readNumber(&figures.dollars),
      skip(form.prices), isTextOrNull(), skip(form.previous), let previousHash = digits()
    else { return nil }
    figures.energySource = LedgerRow.EnergySource.allCases[source]
    position += 1
    let sealStart = position
    guard skip(form.hash), let hash = digits(), skip(form.ending) else { return nil }
    return ScannedRow(
      writer: writer,
      n: n,
      figures: figures,
      tokens: tokens,
      isPlan: isPlan,
      previousHash: previousHash,
      hash: hash,
      sealStart: sealStart,
      end: position - 1
    )
  }

  // MARK: Values

  private mutating func skip(_ literal: [UInt8]) -> Bool {
    guard position + literal.count <= bytes.count else { return false }
    for index in literal.indices where bytes[position + index] != literal[index] { return false }
    position += literal.count
    return true
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipNull() -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "n") else { return false }
    return skip(form.null)
  }

  /// The content of a string whose first quote is behind; the second one is then, too.
  private mutating func text() -> Range<Int>? {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return start..<position - 1 }
      // From the space to the tilde.
      guard byte &- 0x20 < 0x5F, byte != UInt8(ascii: "\\") else { return nil }
    }
    return nil
  }

  private mutating func isTextOrNull() -> Bool {
    if skipNull() { return true }
    return skip("\"") ? text() != nil : false
  }

  private mutating func isOne(of words: [[UInt8]]) -> Bool { index(of: words) != nil }

  private mutating func index(of words: [[UInt8]]) -> Int? {
    for index in words.indices where skip(words[index]) { return index }
    return nil
  }

  private mutating func isTime() -> Bool {
    guard let range = text() else { return false }
    return LedgerRow.isTime(bytes.extracting(range))
  }

  /// A number of digits without a sign; nil where there is none, or it may pass what an `Int` holds.
  private mutating func natural() -> Int? {
    let start = position
    var value = 0
    while position < bytes.count, let digit = Self.digit(bytes[position]) {
      guard position - start < 18 else { return nil }
      value = 10 * value + digit
      position += 1
    }
    let isLong = position - start > 1 && bytes[start] == UInt8(ascii: "0")
    return position == start || isLong ? nil : value
  }

  private mutating func isIntegerOrNull() -> Bool {
    if skipNull() { return true }
    _ = skip("-")
    return natural() != nil
  }

  /// Reads a number, or null, to which a value is set then.
  ///
  /// - Returns: Whether there is one of them.
  private mutating func readNumber(_ value: inout Double?) -> Bool {
    guard !skipNull() else { return true }
    let start = position
    var decimal = ScannedDecimal(isNegative: skip("-"))
    let first = position
    guard let whole = natural() else { return false }
    decimal.digits = UInt64(whole)
    decimal.digitCount = position - first
    if skip("."), !readDigits({ decimal.append($0) }) { return false }
    if skip("e") {
      let isNegative = skip("-")
      if !isNegative { _ = skip("+") }
      var exponent = 0
      guard readDigits({ exponent = min(10 * exponent + $0, 10_000) }) else { return false }
      decimal.exponent += isNegative ? -exponent : exponent
    }
    value = decimal.exactValue ?? Double(text(start..<position))
    return value != nil
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  private mutating func readDigits(_ visit: (Int) -> Void) -> Bool {
    let start = position
    while position < bytes.count, let digit = Self.digit(bytes[position]) {
      visit(digit)
      position += 1
    }
    return position > start
  }

  /// An object of counts whose keys rise, so that none comes twice; the place of its members.
  private mutating func tokens(_ isPlan: inout Bool) -> Range<Int>? {
    let start = position
    if skip("}") { return start..<start }
    var before: Range<Int>?
    repeat {
      guard let token = token() else { return nil }
      if let before, !isAscending(before, token.purpose) { return nil }
      if has(token.purpose, form.plannedTokens) { isPlan = true }
      before = token.purpose
    } while skip(",")
    let end = position
    return skip("}") ? start..<end : nil
  }

  /// The member of `tokens` that begins here, its name without the quotes.
  private mutating func token() -> (purpose: Range<Int>, count: Int)? {
    guard skip("\""), let purpose = text(), skip(":") else { return nil }
    let isNegative = skip("-")
    guard let count = natural() else { return nil }
    return (purpose, isNegative ? -count : count)
  }

  /// The member of `tokens` that begins here, and behind it the next one or their end.
  mutating func nextToken(before end: Int) -> (purpose: Range<Int>, count: Int)? {
    guard position < end, let token = token() else { return nil }
    _ = skip(",")
    return token
  }

  /// Whether the bytes of a range are these.
  func has(_ range: Range<Int>, _ expected: [UInt8]) -> Bool {
    guard range.count == expected.count else { return false }
    for index in expected.indices where bytes[range.lowerBound + index] != expected[index] {
      return false
    }
    return true
  }

  private func isAscending(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
    for index in 0..<min(first.count, second.count) {
      let left = bytes[first.lowerBound + index]
      let right = bytes[second.lowerBound + index]
      if left != right { return left < right }
    }
    return first.count < second.count
  }

  /// The place of the 64 digits of a hash; the quote behind them is not passed.
  ///
  /// Whoever asks compares them with digits that were computed, so that they are not looked at here.
  private mutating func digits() -> Range<Int>? {
    let start = position
    guard start + 64 < bytes.count, bytes[start + 64] == UInt8(ascii: "\"") else { return nil }
    position += 64
    return start..<position
  }

  private static func digit(_ byte: UInt8) -> Int? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
  }
}
