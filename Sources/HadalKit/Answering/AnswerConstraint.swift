// SPDX-License-Identifier: Apache-2.0

import Constraints
package import Inference
import Tokenization

/// What one answer must keep to: its reasoning to a budget, what follows to a grammar.
package struct AnswerConstraint: TokenConstraint {
  /// What the answer behind the reasoning must be.
  enum Rest: Sendable {
    /// Any text.
    case free
    /// What a grammar says.
    case grammar(GrammarState)
    /// Any text, but arguments of calls as their functions want.
    case calls(StrictCalls)
  }

  private var thinking: ThinkingControl?
  /// The token that may come first instead of the answer, and begins a reasoning.
  private var opening: (id: Int32, thinking: ThinkingControl)?
  private var rest: Rest
  private var mask = TokenMask(count: 0)

  /// Begins an answer.
  ///
  /// - Parameters:
  ///   - thinking: The reasoning, where the prompt opens it.
  ///   - opening: The token that opens a reasoning where the prompt does not, and that reasoning.
  ///   - rest: What follows.
  init(
    thinking: ThinkingControl?,
    opening: (id: Int32, thinking: ThinkingControl)? = nil,
    rest: Rest
  ) {
    (self.thinking, self.opening, self.rest) = (thinking, opening, rest)
  }

  /// The same for one of several answers.
  ///
  /// - Parameters:
  ///   - index: Which one.
  ///   - end: Behind how many tokens its reasoning ends; nil leaves that as it is.
  /// - Returns: What that one must keep to.
  package func choice(_ index: Int, thinkingEnd end: Int? = nil) -> AnswerConstraint {
    var copy = self
    copy.thinking?.choice = index
    copy.opening?.thinking.choice = index
    if let end {
      copy.thinking?.budget = end
      copy.opening?.thinking.budget = end
    }
    return copy
  }

  /// What holds for the next token.
  package var next: NextToken {
    if let thinking {
      return grammar == nil && thinking.forcedID == nil ? .free : .restricted
    }
    guard let grammar else { return .free }
    guard grammar.isComplete else { return .restricted }
    var mask = TokenMask(count: 0)
    grammar.mask(into: &mask)
    // Where nothing but an end may come, the answer has ended without one.
    let ends = grammar.grammar.endTokens.count
    return grammar.isEnded || mask.allowedCount == ends ? .ended : .restricted
  }

  private var grammar: GrammarState? {
    switch rest {
    case .free: nil
    case .grammar(let state): state
    case .calls(let calls): calls.arguments
    }
  }

  /// Takes away what may not come next.
  package mutating func restrict(_ logits: inout [Float]) -> Bool {
    if let thinking {
      if let forced = thinking.forcedID { return Self.keep(forced, &logits) }
      // An end here would leave out the answer that must come.
      for id in grammar?.grammar.endTokens ?? [] where logits.indices.contains(Int(id)) {
        logits[Int(id)] = -.infinity
      }
      return true
    }
    guard let grammar else { return true }
    grammar.mask(into: &mask)
    let first = opening.flatMap { logits.indices.contains(Int($0.id)) ? Int($0.id) : nil }
    let logit = first.map { logits[$0] }
    Self.keep(mask, &logits)
    if let first, let logit { logits[first] = logit }
    return first != nil || mask.allowedCount > 0
  }

  private static func keep(_ id: Int32, _ logits: inout [Float]) -> Bool {
    guard logits.indices.contains(Int(id)) else { return false }
    for other in logits.indices where other != Int(id) { logits[other] = -.infinity }
    return true
  }

  private static func keep(_ mask: TokenMask, _ logits: inout [Float]) {
    for (index, word) in mask.words.enumerated() where word != .max {
      let start = 64 * index
      for bit in 0..<min(64, logits.count - start) where word >> UInt64(bit) & 1 == 0 {
        logits[start + bit] = -.infinity
      }
    }
    for id in min(mask.count, logits.count)..<logits.count { logits[id] = -.infinity }
  }

  /// Notes a token that was chosen.
  package mutating func accept(_ id: Int32) {
    if var control = thinking {
      control.accept(id)
      thinking = control.isOpen ? control : nil
      if !control.isOpen { rest.advance(by: control.remainder) }
      return
    }
    if let (first, control) = opening {
      opening = nil
      if id == first {
        thinking = control
        return
      }
    }
    rest.advance(by: id)
  }
}

extension AnswerConstraint.Rest {
  fileprivate mutating func advance(by id: Int32) {
    switch self {
    case .free: break
    case .grammar(var state):
      _ = state.advance(by: id)
      self = .grammar(state)
    case .calls(var calls):
      calls.accept(id)
      self = .calls(calls)
    }
  }

  /// Takes text that came with the reasoning's last token.
  fileprivate mutating func advance(by text: String) {
    guard !text.isEmpty else { return }
    switch self {
    case .free: break
    case .grammar(var state):
      // What does not fit is there already: the grammar begins behind it.
      _ = state.advance(by: text.utf8)
      self = .grammar(state)
    case .calls(var calls):
      calls.accept(text)
      self = .calls(calls)
    }
  }
}
