// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Inference

/// What came of a task.
struct EvaluationOutcome {
  let task: String
  /// What it cost.
  var cost: AnswerCost
  /// The answers, in the order of the questions; not all where the task was cut short.
  var answers: [EvaluationAnswer] = []
  /// What the machine failed with.
  var failure: (any Error)?

  init(task: String, cost: AnswerCost) {
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
