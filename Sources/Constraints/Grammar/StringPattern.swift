// SPDX-License-Identifier: Apache-2.0

/// Reads regular expressions of ECMA-262, those that are regular: no look-around, no back-references.
struct StringPattern {
  /// A part of an expression.
  indirect enum Part {
    case scalars(ScalarSet)
    case sequence([Part])
    case choice([Part])
    case repeated(Part, min: Int, max: Int?)
    case start
    case end
  }

  private let scalars: [Unicode.Scalar]
  private let pointer: String
  private var position = 0
  private var depth = 0

  // LIMIT: groups within groups; people write three or four.
  private static let depthMax = 50
  // LIMIT: what a repeat may count; `ByteTable` bounds what comes of it.
  private static let repeatMax = 1000

  private init(_ text: String, _ pointer: String) {
    scalars = Array(text.unicodeScalars)
    self.pointer = pointer
  }

  /// The strings in which a pattern is found, as they are written in JSON, without quotes.
  ///
  /// - Throws: `ConstraintError` where the pattern is none, or not of the subset, or too large.
  static func table(_ text: String, at pointer: String) throws(ConstraintError) -> ByteTable {
    var reader = StringPattern(text, pointer)
    let part = try reader.choice()
    guard reader.position == reader.scalars.count else { throw reader.fault("a ')' too many") }
    var machine = PatternMachine(pointer)
    try machine.build(part)
    return try machine.table()
  }

  private func fault(_ why: String) -> ConstraintError {
    ConstraintError(.pattern("\(why), at character \(position + 1)"), at: pointer)
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  private mutating func choice() throws(ConstraintError) -> Part {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else { throw fault("groups are nested too deeply") }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(ConstraintError) -> Part {
    var parts: [Part] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let part = try atom()
      parts.append(try repeats(of: part))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func atom() throws(ConstraintError) -> Part {
    guard let scalar = next else { throw fault("it ends early") }
    position += 1
    switch scalar {
    case "^": return .start
    case "$": return .end
    case ".": return .scalars(.dot)
    case "[": return .scalars(try set())
    case "(": return try group()
    case "\\": return .scalars(try escape())
    case "*", "+", "?", "{": throw fault("nothing stands before '\(scalar)'")
    default: return .scalars(ScalarSet([scalar.value...scalar.value]))
    }
  }

  private mutating func group() throws(ConstraintError) -> Part {
    if take("?") {
      guard take(":") else { throw fault("look-around and named groups are not read") }
    }
    let part = try choice()
    guard take(")") else { throw fault("a ')' is missing") }
    return part
  }

  private mutating func repeats(of part: Part) throws(ConstraintError) -> Part {
    let bounds: (Int, Int?)
    if take("*") {
      bounds = (0, nil)
    } else if take("+") {
      bounds = (1, nil)
    } else if take("?") {
      bounds = (0, 1)
    } else if take("{") {
      bounds = try counts()
    } else {
      return part
    }
    if case .start = part { throw fault("'^' cannot be repeated") }
    if case .end = part { throw fault("'$' cannot be repeated") }
    // What is taken first makes no difference to what fits.
    _ = take("?")
    if let scalar = next, "*+?{".unicodeScalars.contains(scalar) {
      throw fault("a repeat is repeated")
    }
    return .repeated(part, min: bounds.0, max: bounds.1)
  }

  private mutating func counts() throws(ConstraintError) -> (Int, Int?) {
    let low = try count()
    if take("}") { return (low, low) }
    guard take(",") else { throw fault("a count is malformed") }
    if take("}") { return (low, nil) }
    let high = try count()
    guard take("}"), high >= low else { throw fault("a count is malformed") }
    return (low, high)
  }

  private mutating func count() throws(ConstraintError) -> Int {
    var value: Int?
    while let digit = next.flatMap({ Int(String($0)) }), (value ?? 0) <= Self.repeatMax {
      value = (value ?? 0) * 10 + digit
      position += 1
    }
    guard let value else { throw fault("a count is malformed") }
    guard value <= Self.repeatMax else { throw fault("a count is above \(Self.repeatMax)") }
    return value
  }

  private mutating func set() throws(ConstraintError) -> ScalarSet {
    let isInverted = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    while !take("]") {
      let low = try setMember()
      guard low.isOne, next == "-", position + 1 < scalars.count, scalars[position + 1] != "]"
      else {
        ranges += low.set.ranges
        continue
      }
      position += 1
      let high = try setMember()
      guard high.isOne, let first = low.set.ranges.first?.lowerBound,
        let last = high.set.ranges.first?.upperBound, first <= last
      else { throw fault("a range is malformed") }
      ranges.append(first...last)
    }
    // A range over the surrogates, which are no scalars, leaves them out.
    let inverted = ScalarSet(ranges).inverted
    return isInverted ? inverted : inverted.inverted
  }

  private mutating func setMember() throws(ConstraintError) -> (set: ScalarSet, isOne: Bool) {
    guard let scalar = next else { throw fault("a ']' is missing") }
    position += 1
    guard scalar == "\\" else { return (ScalarSet([scalar.value...scalar.value]), true) }
    if take("b") { return (ScalarSet([8...8]), true) }
    let set = try escape()
    let isOne = set.ranges.count == 1 && set.ranges[0].count == 1
    return (set, isOne)
  }

  private mutating func escape() throws(ConstraintError) -> ScalarSet {
    guard let scalar = next else { throw fault("it ends early") }
    position += 1
    switch scalar {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .wordCharacters
    case "W": return ScalarSet.wordCharacters.inverted
    case "s": return .spaces
    case "S": return ScalarSet.spaces.inverted
    case "n": return ScalarSet([0x0A...0x0A])
    case "r": return ScalarSet([0x0D...0x0D])
    case "t": return ScalarSet([0x09...0x09])
    case "f": return ScalarSet([0x0C...0x0C])
    case "v": return ScalarSet([0x0B...0x0B])
    case "x": return try coded(digitCount: 2)
    case "u": return try coded(digitCount: 4)
    default:
      let isPlain = scalar.isASCII && !Character(scalar).isLetter && !Character(scalar).isNumber
      guard isPlain else { throw fault("'\\\(scalar)' is not read") }
      return ScalarSet([scalar.value...scalar.value])
    }
  }

  private mutating func coded(digitCount: Int) throws(ConstraintError) -> ScalarSet {
    let end = min(scalars.count, position + digitCount)
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars[position..<end])
    guard text.unicodeScalars.count == digitCount, text.unicodeScalars.first != "+",
      let value = UInt32(text, radix: 16), Unicode.Scalar(value) != nil
    else { throw fault("a code is malformed") }
    position = end
    return ScalarSet([value...value])
  }
}
