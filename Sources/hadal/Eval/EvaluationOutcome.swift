// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Inference
import Models

/// What came of a task.
struct EvaluationOutcome {
  let task: String
  /// What it cost.
  var cost: EvaluationCost
  /// The answers, in the order of the questions; not all where the task was cut short.
  var answers: [EvaluationAnswer] = []
  /// What the machine failed with.
  var failure: (any Error)?

  init(task: String, cost: EvaluationCost) {
    self.task = task
    self.cost = cost
  }

  var result: TaskResult {
    TaskResult(
      task: task,
      answerCount: answers.count,
      correctCount: answers.count { $0.isCorrect },
      cutCount: answers.count { $0.finish != .stop }
    )
  }
}

/// What a task cost: tokens, operations and time.
struct EvaluationCost {
  private(set) var promptTokenCount = 0
  private(set) var completionTokenCount = 0
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
  mutating func add(promptTokenCount: Int, completionTokenCount: Int) {
    self.promptTokenCount += promptTokenCount
    self.completionTokenCount += completionTokenCount
    // The last token is chosen and never computed with; each other one meets itself and all before.
    let count = Double(promptTokenCount + max(completionTokenCount - 1, 0))
    operations += count * operationsPerToken + count * (count + 1) / 2 * operationsPerKey
  }
}
