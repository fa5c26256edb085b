// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Training

/// Working out by columns.
@Suite struct ColumnArithmeticTests {
  private func formula(_ first: Int, _ steps: (Character, Int)...) -> Formula {
    Formula(first: first, steps: steps.map { Formula.Step(isAdded: $0 == "+", number: $1) })
  }

  @Test func `it is what a child writes on paper`() {
    let texts = [
      (formula(47, ("+", 38)), "47 + 38|7 + 8 = 15|4 + 3 + 1 = 8|85"),
      (formula(99, ("+", 1)), "99 + 1|9 + 1 = 10|9 + 0 + 1 = 10|100"),
      (formula(0, ("+", 0)), "0 + 0|0 + 0 = 0|0"),
      (formula(52, ("-", 38)), "52 - 38|5 > 3|52 > 38|12 - 8 = 4|3 + 1 = 4|5 - 4 = 1|14"),
      (
        formula(38, ("-", 52)),
        "38 - 52|3 < 5|38 < 52|52 - 38|12 - 8 = 4|3 + 1 = 4|5 - 4 = 1|14|-14"
      ),
      (formula(5, ("-", 5)), "5 - 5|5 = 5|5 - 5 = 0|0"),
      (formula(47, ("-", 42)), "47 - 42|4 = 4|7 > 2|47 > 42|7 - 2 = 5|4 - 4 = 0|5"),
      (
        formula(14, ("-", 30), ("+", 9)),
        "14 - 30 + 9|14 - 30|1 < 3|14 < 30|30 - 14|10 - 4 = 6|1 + 1 = 2|3 - 2 = 1|16|-16"
          + "|-16 + 9|9 - 16|0 < 1|9 < 16|16 - 9|16 - 9 = 7|0 + 1 = 1|1 - 1 = 0|7|-7"
      ),
      (
        formula(3, ("-", 9), ("-", 5)),
        "3 - 9 - 5|3 - 9|3 < 9|9 - 3|9 - 3 = 6|6|-6|-6 - 5|6 + 5|6 + 5 = 11|11|-11"
      ),
    ]
    for (formula, text) in texts {
      #expect(
        ColumnArithmetic.text(of: formula) == text.split(separator: "|").joined(separator: "\n")
      )
    }
  }

  /// A line as this test reads it, by rules of its own.
  private enum Line: Equatable {
    case number(Int)
    case exercise(Int)
    /// The digit that it gives, and the whole where it is the last column; and whether it adds.
    case column(Int, adds: Bool)
    case comparison

    /// Nil where the line means nothing, or says what is not so.
    init?(_ text: Substring) {
      let words = text.split(separator: " ", omittingEmptySubsequences: false)
      guard let first = words.first.flatMap({ Int($0) }) else { return nil }
      if words.count == 1 {
        self = .number(first)
        return
      }
      guard words.count % 2 == 1 else { return nil }
      var value = first
      var isSum = true
      for index in stride(from: 1, to: words.count, by: 2) {
        guard let number = Int(words[index + 1]) else { return nil }
        switch words[index] {
        case "+": value += number
        case "-": value -= number
        case "<": guard words.count == 3, first < number else { return nil }
        case ">": guard words.count == 3, first > number else { return nil }
        case "=": guard index == words.count - 2, value == number else { return nil }
        default: return nil
        }
        isSum = isSum && ["+", "-"].contains(words[index])
      }
      self =
        isSum
        ? .exercise(value) : words.count == 3 ? .comparison : .column(value, adds: words[1] == "+")
    }
  }

  /// What is wrong with the steps to a formula's result; nil where nothing is.
  ///
  /// The digits of the columns, read upwards, must be the number below them, which an exercise
  /// above asks for; a number without columns is the negative of the one above it. Beside columns
  /// that take away, one that adds is what is borrowed, and the next must take its result.
  private func fault(of formula: Formula) -> String? {
    var (columns, borrowed): ([Int], Int?) = ([], nil)
    var (asked, last): (Set<Int>, Int?) = ([], nil)
    for text in ColumnArithmetic.text(of: formula).split(separator: "\n") {
      guard let line = Line(text) else { return "'\(text)' is not so" }
      switch line {
      case .comparison: break
      case .exercise(let value): asked.insert(value)
      case .column(let value, let adds):
        if let borrowed, !adds {
          guard text.contains(" - \(borrowed) = ") else { return "'\(text)' does not take it" }
          columns.removeLast()
        }
        borrowed = adds ? value : nil
        columns.append(value)
      case .number(let number):
        let digits = columns.dropLast().reversed().map { "\($0 % 10)" }.joined()
        let isRead = columns.last.map { Int("\($0)" + digits) == number }
        guard isRead ?? (number == last.map { -$0 }), asked.contains(number) else {
          return "'\(text)' does not follow"
        }
        (columns, last, borrowed) = ([], number, nil)
      }
    }
    return last == formula.result && columns.isEmpty ? nil : "it ends with \(last ?? 0)"
  }

  @Test(arguments: ["+", "-"] as [Character])
  func `of any two numbers up to 99 every line is so and the last is the result`(_ sign: Character)
  {
    for first in 0...99 {
      for second in 0...99 {
        let formula = formula(first, (sign, second))
        let fault = fault(of: formula)
        guard fault == nil else {
          Issue.record("\(formula.text): \(fault ?? "")")
          return
        }
      }
    }
  }

  @Test func `of three numbers and more every line is so and the last is the result`() {
    var random = SplitMix64(seed: 14)
    for _ in 0..<4000 {
      let steps = (0..<Int.random(in: 2...4, using: &random)).map { _ in
        Formula.Step(
          isAdded: Bool.random(using: &random),
          number: Int.random(in: 0...99, using: &random)
        )
      }
      let formula = Formula(first: Int.random(in: 0...99, using: &random), steps: steps)
      let fault = fault(of: formula)
      guard fault == nil else {
        Issue.record("\(formula.text): \(fault ?? "")")
        return
      }
    }
  }

  @Test(arguments: [
    "8 - 5 = 4", "5 > 5", "5 < 4", "1 + 2 3", "a + 1", "", "5 * 5 = 25", "2 - 1 - 1 = 1", "4 = 5",
  ])
  func `this test knows a line that is not so`(_ line: String) {
    #expect(Line(line[...]) == nil)
  }
}
