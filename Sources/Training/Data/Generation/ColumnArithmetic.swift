// SPDX-License-Identifier: Apache-2.0

/// How an exercise is worked out on paper: column by column from the ones, with what is carried.
///
/// Each line holds all that the next needs, so that a small model has one short step a line.
package struct ColumnArithmetic {
  private var lines: [String] = []

  /// The steps that lead to a formula's result, a line each; the last is the result.
  package static func text(of formula: Formula) -> String {
    var work = ColumnArithmetic()
    work.lines.append(formula.text)
    for pair in formula.pairs {
      if formula.steps.count > 1 { work.lines.append(pair.text) }
      work.workOut(pair)
    }
    return work.lines.joined(separator: "\n")
  }

  private mutating func workOut(_ pair: Formula) {
    let (a, b) = (pair.first, pair.steps[0].number)
    switch (pair.steps[0].isAdded, a < 0) {
    case (true, false): add(a, b)
    case (false, false): subtract(b, from: a)
    case (true, true):
      // −a + b is b − a.
      lines.append("\(b) - \(-a)")
      subtract(-a, from: b)
    case (false, true):
      // −a − b is −(a + b).
      lines.append("\(-a) + \(b)")
      add(-a, b)
      lines.append("\(pair.result)")
    }
  }

  private mutating func add(_ a: Int, _ b: Int) {
    var (left, right, carry) = (a, b, 0)
    var isFirst = true
    while isFirst || left > 0 || right > 0 {
      let sum = left % 10 + right % 10 + carry
      lines.append("\(left % 10) + \(right % 10)" + (isFirst ? "" : " + \(carry)") + " = \(sum)")
      carry = sum / 10
      (left, right, isFirst) = (left / 10, right / 10, false)
    }
    lines.append("\(a + b)")
  }

  private mutating func subtract(_ b: Int, from a: Int) {
    compare(a, b)
    guard a < b else { return takeColumns(b, from: a) }
    lines.append("\(b) - \(a)")
    takeColumns(a, from: b)
    lines.append("\(a - b)")
  }

  /// Which of two numbers is larger: their digits from the left, up to the first that differ.
  private mutating func compare(_ a: Int, _ b: Int) {
    func line(_ a: Int, _ b: Int) -> String { "\(a) \(a < b ? "<" : a > b ? ">" : "=") \(b)" }
    var unit = 1
    while max(a, b) / unit > 9 { unit *= 10 }
    if unit > 1 {
      while unit > 0 {
        let (upper, lower) = (a / unit % 10, b / unit % 10)
        lines.append(line(upper, lower))
        if upper != lower { break }
        unit /= 10
      }
    }
    lines.append(line(a, b))
  }

  /// The columns of a difference that is not negative; what is borrowed is first added to what is taken.
  private mutating func takeColumns(_ b: Int, from a: Int) {
    var (left, right, borrow) = (a, b, 0)
    var isFirst = true
    while isFirst || left > 0 || right > 0 {
      let (upper, lower) = (left % 10, right % 10 + borrow)
      if borrow > 0 { lines.append("\(right % 10) + \(borrow) = \(lower)") }
      let lent = upper < lower ? upper + 10 : upper
      lines.append("\(lent) - \(lower) = \(lent - lower)")
      borrow = upper < lower ? 1 : 0
      (left, right, isFirst) = (left / 10, right / 10, false)
    }
    lines.append("\(a - b)")
  }
}
