// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

/// Exercises, and numbers in words.
@Suite struct FormulaTests {
  private static let numbers = ["a": 12, "b": 34, "c": 5]

  @Test(arguments: [
    ("a + b", "12 + 34", 46), ("a - b", "12 - 34", -22), ("a + b - c", "12 + 34 - 5", 41),
    ("a - b - c", "12 - 34 - 5", -27), ("b - a + c", "34 - 12 + 5", 27), ("a + a", "12 + 12", 24),
  ])
  func `a shape with numbers is an exercise`(_ shape: String, _ text: String, _ result: Int) throws
  {
    let formula = try #require(Formula(shape: shape, numbers: Self.numbers))
    #expect(formula.text == text && formula.result == result)
    #expect(formula.pairs.last?.result == result)
    #expect(formula.pairs.count == formula.steps.count)
  }

  @Test func `pairs begin with what came before`() throws {
    let formula = try #require(Formula(shape: "a - b + c", numbers: Self.numbers))
    #expect(formula.pairs.map(\.text) == ["12 - 34", "-22 + 5"])
  }

  @Test(arguments: ["", "a", "a +", "+ a", "a b", "a * b", "a + d", "apple + b", "a+b", "a + b c"])
  func `what is no sum is no shape`(_ shape: String) {
    #expect(Formula(shape: shape, numbers: Self.numbers) == nil)
  }

  private func combination(_ first: Int, _ steps: Int...) -> String {
    let steps = steps.map { Formula.Step(isAdded: $0 >= 0, number: abs($0)) }
    return Formula(first: first, steps: steps).combination
  }

  @Test func `exercises that the same columns work out are one combination`() {
    for (first, second) in [(38, 52), (0, 7), (5, 5), (99, 1)] {
      #expect(combination(first, second) == combination(second, first))
      #expect(combination(first, -second) == combination(second, -first))
      #expect(combination(-first, second) == combination(second, -first))
      #expect(combination(-first, -second) == combination(first, second))
    }
    #expect(combination(1, 2, -3) == combination(2, -3, 1))
    #expect(combination(38, 52) != combination(38, -52))
    #expect(combination(1, 23) != combination(12, 3))
    #expect(combination(1, 2, -3) != combination(1, -2, 3))
  }

  @Test(arguments: [
    (0, "zero"), (7, "seven"), (10, "ten"), (13, "thirteen"), (19, "nineteen"), (20, "twenty"),
    (21, "twenty-one"), (40, "forty"), (58, "fifty-eight"), (90, "ninety"), (99, "ninety-nine"),
  ])
  func `numbers have their English words`(_ number: Int, _ text: String) {
    #expect(NumberWords.text(number) == text)
  }

  @Test func `a hundred numbers have a hundred texts, and others none`() {
    #expect(Set((0..<100).compactMap { NumberWords.text($0) }).count == 100)
    #expect(NumberWords.text(100) == nil && NumberWords.text(-1) == nil)
  }
}
