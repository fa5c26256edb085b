// SPDX-License-Identifier: Apache-2.0

import Inference

/// An answer of a receipt while it is computed again: compares token by token.
struct TrailWatch {
  /// The text so far.
  var text = ""
  /// How many tokens are the receipt's.
  private(set) var sameCount = 0
  private let index: Int
  private let choice: AnswerReceipt.Choice
  private var trail: TokenTrail

  /// Begins the answer of a prompt, the receipt's with this index.
  init(_ index: Int, _ choice: AnswerReceipt.Choice, _ promptIDs: [Int32]) {
    (self.index, self.choice) = (index, choice)
    trail = TokenTrail(promptIDs: promptIDs)
  }

  /// Takes a token.
  ///
  /// - Returns: What differs; nil where the token is the receipt's.
  mutating func take(
    _ token: EngineEvent.Token,
    _ texts: TokenText
  ) -> ReceiptReplay.Difference? {
    text += token.text
    trail.append(token.id)
    let place = trail.count - 1
    guard place < choice.trail.count else {
      return difference(
        "finish",
        choice.finish.rawValue,
        "goes on with \(quoted(token, texts))",
        place
      )
    }
    guard trail.checks[place] == choice.trail.checks[place] else {
      let check = String(choice.trail.checks[place], radix: 16)
      return difference("token", check, quoted(token, texts), place)
    }
    sameCount += 1
    return nil
  }

  /// Ends the answer.
  ///
  /// - Returns: What differs; nil where it ends as the receipt's does.
  func end(_ finish: Completion.Finish) -> ReceiptReplay.Difference? {
    guard trail.count == choice.trail.count else {
      return difference("finish", "\(choice.trail.count) tokens", "ends", trail.count)
    }
    // Where it was cut, by a number of tokens or from outside, is where it was cut here.
    if (choice.finish == .stop) != (finish == .stop) {
      return difference("finish", choice.finish.rawValue, finish.rawValue, trail.count)
    }
    guard trail.hash == choice.trail.hash else {
      return difference("output_sha256", choice.trail.hash, trail.hash, nil)
    }
    return nil
  }

  /// What differs where the answer has more tokens than the receipt lets it have.
  func exceeds(_ most: Int) -> ReceiptReplay.Difference {
    difference("max_tokens", "\(most)", "an answer of \(choice.trail.count) tokens", nil)
  }

  private func quoted(_ token: EngineEvent.Token, _ texts: TokenText) -> String {
    "'\(texts.text(token.id))' (\(token.id))"
  }

  private func difference(
    _ what: String,
    _ receipt: String,
    _ here: String,
    _ token: Int?
  ) -> ReceiptReplay.Difference {
    ReceiptReplay.Difference(
      choice: index,
      what: what,
      token: token,
      receipt: receipt,
      here: here
    )
  }
}
