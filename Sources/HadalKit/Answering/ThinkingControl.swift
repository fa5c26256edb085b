// SPDX-License-Identifier: Apache-2.0

import Inference
import Synchronization
import Tokenization

/// Tells the running answers to a request to stop thinking; any number of tasks may use it at once.
package final class ThinkingEnd: Sendable {
  private let wanted = Atomic(false)
  private let counts = Mutex<[Int: Int]>([:])

  /// Whether it is to stop.
  var isWanted: Bool { wanted.load(ordering: .relaxed) }

  /// Creates what has told nothing yet.
  package init() {}

  /// Says that it is to stop.
  package func want() { wanted.store(true, ordering: .relaxed) }

  /// Notes that a choice was ended by it, behind so many tokens of reasoning.
  package func note(choice: Int, tokenCount: Int) { counts.withLock { $0[choice] = tokenCount } }

  /// Behind how many tokens it ended a choice's reasoning; nil where it did not.
  package func tokenCount(choice: Int) -> Int? { counts.withLock { $0[choice] } }
}

/// An answer's reasoning while it comes, and what ends it: itself, a number of tokens, or a person.
struct ThinkingControl: Sendable {
  /// The most tokens of it; nil for any number.
  var budget: Int?
  /// Whose reasoning it is, of several answers to one prompt.
  var choice = 0
  private let closingIDs: [Int32]
  private let end: ThinkingEnd?
  private var detokenizer: StreamingDetokenizer
  private var stream: ReasoningStream
  private var count = 0
  /// How many tokens of the tag that closes it were forced.
  private var forcedCount = 0
  /// What of the answer came with the reasoning's last token.
  private(set) var remainder = ""

  /// Begins a reasoning.
  init(
    _ tokenizer: Tokenizer,
    closingIDs: [Int32],
    budget: Int?,
    end: ThinkingEnd?
  ) {
    self.budget = budget
    self.closingIDs = closingIDs
    self.end = end
    detokenizer = StreamingDetokenizer(tokenizer, skipsSpecialTokens: true)
    stream = ReasoningStream(opensReasoning: true)
  }

  /// Whether it goes on.
  var isOpen: Bool { stream.isReasoning }

  /// The token that must come next, where the reasoning is to end.
  var forcedID: Int32? {
    guard isOpen, forcedCount < closingIDs.count else { return nil }
    return forcedCount > 0 || isSpent || end?.isWanted == true ? closingIDs[forcedCount] : nil
  }

  private var isSpent: Bool { budget.map { count >= $0 } ?? false }

  /// Takes a token.
  mutating func accept(_ id: Int32) {
    let isForced = forcedID == id
    if isForced, forcedCount == 0, !isSpent { end?.note(choice: choice, tokenCount: count) }
    count += 1
    for case .answer(let text) in stream.append(detokenizer.append(id)) { remainder += text }
    if isForced { forcedCount += 1 }
  }
}
