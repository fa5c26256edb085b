// SPDX-License-Identifier: Apache-2.0

/// Numbers within bounds, digit by digit.
extension SchemaCompiler {
  /// The values without sign that a range has on one side of zero.
  private struct Magnitudes {
    var low: Int
    var isLowExclusive: Bool
    var high: Int
    var isHighExclusive: Bool
    var isInteger: Bool
  }

  /// What follows the digits before the point.
  private enum Fraction {
    case none
    case any
    case zero
    case positive
  }

  private static let largest = 999_999_999_999_999_999

  mutating func addNumber(
    _ range: SchemaShape.NumberRange,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    guard range.minimum != nil || range.maximum != nil else {
      let rule = range.isInteger ? rules.integer : rules.number
      return automaton.addCall(rule, from: start, to: end)
    }
    let low = range.minimum ?? .init(value: -Self.largest, isExclusive: false)
    let high = range.maximum ?? .init(value: Self.largest, isExclusive: false)
    if high.value >= 0 {
      let isBelow = low.value < 0
      let magnitudes = Magnitudes(
        low: max(low.value, 0),
        isLowExclusive: !isBelow && low.isExclusive,
        high: high.value,
        isHighExclusive: high.isExclusive,
        isInteger: range.isInteger
      )
      try add(magnitudes, from: start, to: end)
    }
    if low.value < 0 {
      let minus = try node(like: start)
      automaton.addEdges("-", from: start, to: minus)
      // An integer is not written as -0.
      let isAbove = high.value > 0 || high.value == 0 && !high.isExclusive
      let magnitudes = Magnitudes(
        low: max(-high.value, 0),
        isLowExclusive: isAbove && high.value >= 0 ? range.isInteger : high.isExclusive,
        high: -low.value,
        isHighExclusive: low.isExclusive,
        isInteger: range.isInteger
      )
      try add(magnitudes, from: minus, to: end)
    }
  }

  private mutating func add(
    _ range: Magnitudes,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    if range.isInteger {
      let low = range.low + (range.isLowExclusive ? 1 : 0)
      let high = range.high - (range.isHighExclusive ? 1 : 0)
      return try addDigits(low, high, .none, from: start, to: end)
    }
    guard range.low < range.high else {
      if range.low == range.high, !range.isLowExclusive, !range.isHighExclusive {
        try addDigits(range.low, range.low, .zero, from: start, to: end)
      }
      return
    }
    let isOpen = range.isLowExclusive
    try addDigits(range.low, range.low, isOpen ? .positive : .any, from: start, to: end)
    try addDigits(range.low + 1, range.high - 1, .any, from: start, to: end)
    if !range.isHighExclusive {
      try addDigits(range.high, range.high, .zero, from: start, to: end)
    }
  }

  /// Adds the integers of a range, for each count of digits, and what may follow.
  private mutating func addDigits(
    _ low: Int,
    _ high: Int,
    _ fraction: Fraction,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    guard low <= high else { return }
    let whole = try node(like: start)
    var power = 1
    for count in 1...SharedRules.digitCountMax {
      let least = max(low, count == 1 ? 0 : power)
      let most = min(high, power * 10 - 1)
      if least <= most { try addDigits(of: least, to: most, from: start, to: whole) }
      power *= 10
    }
    try add(fraction, from: whole, to: end)
  }

  /// Adds the integers between two of the same count of digits.
  private mutating func addDigits(
    of least: Int,
    to most: Int,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    let low = Array(String(least).utf8)
    let high = Array(String(most).utf8)
    // Before each digit: nothing decided any more; still the lowest so far; still the highest; both.
    var free: [Int32] = []
    var lowest: [Int32] = []
    var highest: [Int32] = []
    for index in 0...low.count {
      free.append(index == low.count ? end : try node(like: start))
      lowest.append(index == low.count ? end : try node(like: start))
      highest.append(index == low.count ? end : try node(like: start))
    }
    var both: Int32? = start
    for index in low.indices {
      let next = index + 1
      automaton.addEdge(0x30...0x39, from: free[index], to: free[next])
      automaton.addEdge(low[index]...low[index], from: lowest[index], to: lowest[next])
      if low[index] < 0x39 {
        automaton.addEdge((low[index] + 1)...0x39, from: lowest[index], to: free[next])
      }
      automaton.addEdge(high[index]...high[index], from: highest[index], to: highest[next])
      if high[index] > 0x30 {
        automaton.addEdge(0x30...(high[index] - 1), from: highest[index], to: free[next])
      }
      guard let node = both else { continue }
      if low[index] == high[index] {
        both = index == low.count - 1 ? end : try self.node(like: start)
        if let both { automaton.addEdge(low[index]...low[index], from: node, to: both) }
      } else {
        both = nil
        automaton.addEdge(low[index]...low[index], from: node, to: lowest[next])
        automaton.addEdge(high[index]...high[index], from: node, to: highest[next])
        if low[index] + 1 < high[index] {
          automaton.addEdge((low[index] + 1)...(high[index] - 1), from: node, to: free[next])
        }
      }
    }
  }

  private mutating func add(
    _ fraction: Fraction,
    from whole: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    if fraction != .positive { automaton.addJump(from: whole, to: end) }
    guard fraction != .none else { return }
    var zeros = try node(like: whole)
    var digits: Int32?
    automaton.addEdges(".", from: whole, to: zeros)
    for index in 0..<SharedRules.digitCountMax {
      let nextZeros = try node(like: whole)
      let nextDigits = try node(like: whole)
      if index == 0, fraction == .any {
        automaton.addEdge(0x30...0x39, from: zeros, to: nextDigits)
      } else {
        automaton.addEdges("0", from: zeros, to: nextZeros)
        if fraction == .positive { automaton.addEdge(0x31...0x39, from: zeros, to: nextDigits) }
      }
      if let digits { automaton.addEdge(0x30...0x39, from: digits, to: nextDigits) }
      if fraction == .zero { automaton.addJump(from: nextZeros, to: end) }
      automaton.addJump(from: nextDigits, to: end)
      zeros = nextZeros
      digits = nextDigits
    }
  }
}
