// SPDX-License-Identifier: Apache-2.0

/// A question and its answer.
struct Exchange: Sendable, Hashable {
  var kind: String
  var question: String
  /// The way to the answer; nil where there is nothing to think about.
  var reasoning: String?
  var answer: String
  /// What a sum comes to.
  var result: Int?
  /// Whether a person is named.
  var isNamed = false
}
