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
  private var position: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, from start: Int) {
    self.bytes = bytes
    position = start
  }

  /// The row that begins here and ends with a line feed; nil where it has another form.
  mutating func row() -> ScannedRow? {
    var figures = RowFigures()
    var isPlan = false
    guard skip(Form.beginning), let writer = text(), skip(Form.n), let n = natural(),
      skip(Form.time), isTime(), skip(Form.kind), isOne(of: Form.kinds), skip(Form.run),
      isTextOrNull(), skip(Form.recipe), isTextOrNull(), skip(Form.code), isTextOrNull(),
      skip(Form.weights), isTextOrNull(), skip(Form.device), isTextOrNull(), skip(Form.count),
      isIntegerOrNull(), skip(Form.seconds), readNumber(&figures.seconds), skip(Form.tokens),
      let tokens = tokens(&isPlan), skip(Form.operations), readNumber(&figures.operations),
      skip(Form.joules), readNumber(&figures.joules), skip(Form.source),
      let source = index(of: Form.sources), skip(Form.dollars), readNumber(&figures.dollars),
      skip(Form.prices), isTextOrNull(), skip(Form.previous), let previousHash = digits()
    else { return nil }
    figures.energySource = LedgerRow.EnergySource.allCases[source]
    position += 1
    let sealStart = position
    guard skip(Form.hash), let hash = digits(), skip(Form.ending) else { return nil }
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

  /// The content of a string whose first quote is behind; the second one is then, too.
  private mutating func text() -> Range<Int>? {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return start..<position - 1 }
      guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
    }
    return nil
  }

  private mutating func isTextOrNull() -> Bool {
    if skip(Form.null) { return true }
    return skip(Form.quote) ? text() != nil : false
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
    if skip(Form.null) { return true }
    _ = skip(Form.minus)
    return natural() != nil
  }

  /// Reads a number, or null, to which a value is set then.
  ///
  /// - Returns: Whether there is one of them.
  private mutating func readNumber(_ value: inout Double?) -> Bool {
    guard !skip(Form.null) else { return true }
    let start = position
    var decimal = ScannedDecimal(isNegative: skip(Form.minus))
    let first = position
    guard let whole = natural() else { return false }
    decimal.digits = UInt64(whole)
    decimal.digitCount = position - first
    if skip(Form.point), !readDigits({ decimal.append($0) }) { return false }
    if skip(Form.exponent) {
      let isNegative = skip(Form.minus)
      if !isNegative { _ = skip(Form.plus) }
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
    if skip(Form.closing) { return start..<start }
    var before: Range<Int>?
    repeat {
      guard let token = token() else { return nil }
      if let before, !isAscending(before, token.purpose) { return nil }
      if has(token.purpose, Form.plannedTokens) { isPlan = true }
      before = token.purpose
    } while skip(Form.comma)
    let end = position
    return skip(Form.closing) ? start..<end : nil
  }

  /// The member of `tokens` that begins here, its name without the quotes.
  private mutating func token() -> (purpose: Range<Int>, count: Int)? {
    guard skip(Form.quote), let purpose = text(), skip(Form.colon) else { return nil }
    let isNegative = skip(Form.minus)
    guard let count = natural() else { return nil }
    return (purpose, isNegative ? -count : count)
  }

  /// The member of `tokens` that begins here, and behind it the next one or their end.
  mutating func nextToken(before end: Int) -> (purpose: Range<Int>, count: Int)? {
    guard position < end, let token = token() else { return nil }
    _ = skip(Form.comma)
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

  /// The 64 digits of a hash; the quote behind them is not passed.
  private mutating func digits() -> Range<Int>? {
    let start = position
    guard start + 64 < bytes.count, bytes[start + 64] == UInt8(ascii: "\"") else { return nil }
    for index in start..<start + 64 {
      switch bytes[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): continue
      default: return nil
      }
    }
    position += 64
    return start..<position
  }

  private static func digit(_ byte: UInt8) -> Int? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
  }
}

/// What stands between the values of a row.
private enum Form {
  static let beginning = Array("{\"v\":\(ChainedRow.version),\"writer\":\"".utf8)
  static let n = Array(",\"n\":".utf8)
  static let time = Array(",\"time\":\"".utf8)
  static let kind = Array(",\"kind\":".utf8)
  static let kinds = LedgerRow.Kind.allCases.map { Array("\"\($0.rawValue)\"".utf8) }
  static let run = Array(",\"run\":".utf8)
  static let recipe = Array(",\"recipe\":".utf8)
  static let code = Array(",\"code\":".utf8)
  static let weights = Array(",\"weights\":".utf8)
  static let device = Array(",\"device\":".utf8)
  static let count = Array(",\"count\":".utf8)
  static let seconds = Array(",\"seconds\":".utf8)
  static let tokens = Array(",\"tokens\":{".utf8)
  static let plannedTokens = Array(LedgerRow.Count.plannedTokens.rawValue.utf8)
  static let operations = Array(",\"operations\":".utf8)
  static let joules = Array(",\"joules\":".utf8)
  static let source = Array(",\"joules_source\":".utf8)
  static let sources = LedgerRow.EnergySource.allCases.map { Array("\"\($0.rawValue)\"".utf8) }
  static let dollars = Array(",\"usd\":".utf8)
  static let prices = Array(",\"prices\":".utf8)
  static let previous = Array(",\"prev\":\"".utf8)
  static let hash = Array(",\"hash\":\"".utf8)
  static let ending = Array("\"}\n".utf8)
  static let null = Array("null".utf8)
  static let quote = Array("\"".utf8)
  static let colon = Array(":".utf8)
  static let comma = Array(",".utf8)
  static let closing = Array("}".utf8)
  static let minus = Array("-".utf8)
  static let plus = Array("+".utf8)
  static let point = Array(".".utf8)
  static let exponent = Array("e".utf8)
}
