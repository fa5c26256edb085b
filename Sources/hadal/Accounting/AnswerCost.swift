// SPDX-License-Identifier: Apache-2.0

import Inference
import Models

/// What answers cost: tokens, operations and time.
struct AnswerCost {
  private(set) var promptTokenCount = 0
  private(set) var completionTokenCount = 0
  /// Prompt tokens that a cache held, which are none of `promptTokenCount`.
  private(set) var cachedTokenCount = 0
  /// Floating-point operations, counted and not measured.
  private(set) var operations = 0.0
  var seconds = 0.0

  private let operationsPerToken: Double
  private let operationsPerKey: Double

  init(_ model: LoadedModel) {
    let summary = ModelSummary(model.decoder.architecture)
    operationsPerToken = Double(summary.linearOperationsPerToken)
    operationsPerKey = Double(summary.attentionOperationsPerKey)
  }

  /// Counts one answer.
  ///
  /// - Parameters:
  ///   - promptTokenCount: The prompt's tokens, those in a cache too.
  ///   - completionTokenCount: The answer's tokens.
  ///   - cachedTokenCount: How many of the prompt's a cache held.
  mutating func add(
    promptTokenCount: Int,
    completionTokenCount: Int,
    cachedTokenCount: Int = 0
  ) {
    self.promptTokenCount += promptTokenCount - cachedTokenCount
    self.completionTokenCount += completionTokenCount
    self.cachedTokenCount += cachedTokenCount
    // The last token is chosen and never computed with; each other one meets itself and all before.
    let count = Double(promptTokenCount + max(completionTokenCount - 1, 0))
    let cached = Double(cachedTokenCount)
    operations += (count - cached) * operationsPerToken
    operations += (count * (count + 1) - cached * (cached + 1)) / 2 * operationsPerKey
  }

  /// The counts of a row.
  var tokens: [String: Int] {
    var tokens = ["completion": completionTokenCount, "prompt": promptTokenCount]
    if cachedTokenCount > 0 { tokens["cached"] = cachedTokenCount }
    return tokens
  }
}
