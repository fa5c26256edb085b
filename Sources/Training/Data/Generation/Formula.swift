// SPDX-License-Identifier: Apache-2.0

/// A sum of whole numbers, such as `12 + 34 - 5`.
package struct Formula: Sendable, Hashable {
  /// The first number.
  package var first: Int
  /// The signs and numbers behind it.
  package var steps: [Step]

  /// A number that is added or taken away.
  package struct Step: Sendable, Hashable {
    /// Whether it is added, not taken away.
    package var isAdded: Bool
    /// The number, 0 or more.
    package var number: Int

    /// Creates a step.
    package init(isAdded: Bool, number: Int) {
      self.isAdded = isAdded
      self.number = number
    }
  }

  /// What it comes to.
  package var result: Int { steps.reduce(first) { $1.isAdded ? $0 + $1.number : $0 - $1.number } }

  /// As it is written.
  package var text: String {
    steps.reduce("\(first)") { $0 + ($1.isAdded ? " + " : " - ") + "\($1.number)" }
  }

  /// What a split goes by: its numbers with their signs in ascending order, or those of its negative.
  ///
  /// Exercises that are worked out by the same columns are one combination: `38 - 52` is done as
  /// `52 - 38`, and `-3 + 8` as `8 - 3`.
  package var combination: String {
    let terms = [first] + steps.map { $0.isAdded ? $0.number : -$0.number }
    let (own, negative) = (terms.sorted(), terms.map { -$0 }.sorted())
    let least = own.lexicographicallyPrecedes(negative) ? own : negative
    return least.map { "\($0)" }.joined(separator: " ")
  }

  /// Each step with what came before it, as an exercise of two numbers.
  package var pairs: [Formula] {
    var before = first
    return steps.map { step in
      let pair = Formula(first: before, steps: [step])
      before = pair.result
      return pair
    }
  }

  /// Numbers in place of the letters of a shape such as `a + b - c`.
  ///
  /// - Returns: Nil where the shape is none.
  package init?(shape: String, numbers: [String: Int]) {
    let words = shape.split(separator: " ")
    guard words.count >= 3, words.count % 2 == 1, let first = numbers[String(words[0])]
    else { return nil }
    self.first = first
    steps = []
    for index in stride(from: 1, to: words.count, by: 2) {
      guard ["+", "-"].contains(words[index]), let number = numbers[String(words[index + 1])]
      else { return nil }
      steps.append(Step(isAdded: words[index] == "+", number: number))
    }
  }

  /// Creates a formula.
  package init(first: Int, steps: [Step]) {
    self.first = first
    self.steps = steps
  }
}
