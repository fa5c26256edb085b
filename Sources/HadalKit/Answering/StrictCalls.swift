// SPDX-License-Identifier: Apache-2.0

import Constraints
import Tokenization

/// An answer that may call strict functions: free until one is called, then its arguments keep to their
/// schema.
struct StrictCalls: Sendable {
  /// The grammars of strict functions' arguments, by name.
  private let grammars: [String: Grammar]
  private var detokenizer: StreamingDetokenizer
  private var stream: ToolCallStream
  /// Where the arguments stand that come now; nil where no strict function is called.
  private(set) var arguments: GrammarState?

  /// Begins an answer.
  init(
    _ tokenizer: Tokenizer,
    _ stream: ToolCallStream,
    grammars: [String: Grammar]
  ) {
    self.grammars = grammars
    self.stream = stream
    detokenizer = StreamingDetokenizer(tokenizer, skipsSpecialTokens: true)
  }

  /// Takes a token.
  mutating func accept(_ id: Int32) {
    let wasConstrained = arguments != nil
    if wasConstrained { _ = arguments?.advance(by: id) }
    accept(detokenizer.append(id), isTaken: wasConstrained)
    // Behind the arguments the call's frame goes on.
    if arguments?.isComplete == true { arguments = nil }
  }

  /// Takes text.
  mutating func accept(_ text: String) { accept(text, isTaken: false) }

  private mutating func accept(_ text: String, isTaken: Bool) {
    for part in stream.append(text) {
      switch part {
      case .content: arguments = nil
      case .began(_, let name): arguments = grammars[name].map(GrammarState.init)
      // What came with the name's last token.
      case .arguments(_, let text):
        guard !isTaken, let state = arguments else { continue }
        arguments = state.advanced(by: text)
      }
    }
  }
}

extension GrammarState {
  /// The place behind a text; nil where it does not fit, as of arguments that stand before their
  /// function's name.
  fileprivate func advanced(by text: String) -> GrammarState? {
    var state = self
    return state.advance(by: text.utf8) ? state : nil
  }
}
