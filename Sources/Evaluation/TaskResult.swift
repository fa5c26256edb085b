// SPDX-License-Identifier: Apache-2.0

public import JSON

/// How many answers to a task's questions are right.
public struct TaskResult: Sendable, Hashable {
  /// The task's name.
  public let task: String
  /// How many answers there are.
  public let answerCount: Int
  /// How many of them are right.
  public let correctCount: Int
  /// How many did not end by themselves: at the limit of tokens, or in a loop.
  public let cutCount: Int

  /// Creates a result.
  ///
  /// - Precondition: `correctCount` and `cutCount` lie in 0…answerCount.
  public init(task: String, answerCount: Int, correctCount: Int, cutCount: Int) {
    precondition(answerCount >= 0)
    precondition((0...answerCount).contains(correctCount) && (0...answerCount).contains(cutCount))
    self.task = task
    self.answerCount = answerCount
    self.correctCount = correctCount
    self.cutCount = cutCount
  }

  /// The share that is right; 0 where there is no answer.
  public var rate: Double {
    answerCount == 0 ? 0 : Double(correctCount) / Double(answerCount)
  }

  /// The rate's 95 % interval.
  public var interval: WilsonInterval { WilsonInterval(correctCount, of: answerCount) }

  /// The contract's object.
  public var json: JSONText {
    let interval = interval
    return .object([
      ("task", .string(task)), ("n", .integer(answerCount)), ("correct", .integer(correctCount)),
      ("rate", .double(rate)), ("low", .double(interval.low)), ("high", .double(interval.high)),
    ])
  }
}
