// SPDX-License-Identifier: Apache-2.0

package import Constraints
import Inference

extension ModelConstraints {
  // LIMIT: of all strict functions of a request, some 60 MB; a large schema has 2,000.
  private static let mostStates = 200_000

  /// What an answer must keep to.
  ///
  /// - Parameters:
  ///   - form: What it must be.
  ///   - opensReasoning: Whether its prompt ends inside the reasoning.
  ///   - end: What a person may end the answer's thinking with; nil where nobody can.
  /// - Throws: `FormFault` where the model cannot keep to what is asked.
  /// - Returns: The constraint; nil where the answer is free.
  package func constraint(
    _ form: AnswerForm,
    opensReasoning: Bool,
    end: ThinkingEnd? = nil
  ) throws(FormFault) -> AnswerConstraint? {
    let rest = try rest(form, opensReasoning: opensReasoning)
    let isFree = if case .free = rest { true } else { false }
    if isFree, form.thinkingBudget == nil, end == nil { return nil }
    let thinking = ThinkingControl(
      tokenizer,
      closingIDs: closingIDs,
      budget: form.thinkingBudget,
      end: end
    )
    if opensReasoning { return AnswerConstraint(thinking: thinking, rest: rest) }
    // Models whose prompts do not open the reasoning open it by themselves.
    let opening = form.mayThink ? openingID.map { (id: $0, thinking: thinking) } : nil
    if isFree, opening == nil { return nil }
    return AnswerConstraint(thinking: nil, opening: opening, rest: rest)
  }

  /// What finds calls in an answer; nil where there are no tools, or their form is not read.
  package func callStream(_ rules: CallRules?) -> ToolCallStream? {
    guard let rules, let format else { return nil }
    return ToolCallStream(format, names: rules.names, acceptsPlain: true)
  }

  private func rest(
    _ form: AnswerForm,
    opensReasoning: Bool
  ) throws(FormFault) -> AnswerConstraint.Rest {
    do throws(FormFault) {
      return try rest(form, form.calls, opensReasoning: opensReasoning)
    } catch {
      // Without `strict` a schema is advice: what cannot be kept to is left to the model.
      guard let rules = form.calls, !rules.functions.allSatisfy(\.isStrict) else { throw error }
      return try rest(form, rules.relaxed, opensReasoning: opensReasoning)
    }
  }

  private func rest(
    _ form: AnswerForm,
    _ rules: CallRules?,
    opensReasoning: Bool
  ) throws(FormFault) -> AnswerConstraint.Rest {
    var parts: [GrammarPart] = []
    if let schema = form.schema { parts.append(.json(schema)) }
    if let rules {
      guard let format else { throw FormFault(.unreadCalls) }
      if rules.choice != .auto, !form.prefix.isEmpty { throw FormFault(.continuedCall) }
      if rules.choice != .auto || !parts.isEmpty {
        parts = (rules.choice == .auto ? parts : []) + [calls(rules, format)]
      } else {
        return try strictCalls(rules, format)
      }
    }
    guard !parts.isEmpty else { return .free }
    guard !form.ignoresEnd else { throw FormFault(.endless) }
    let whole = GrammarPart.choice(parts)
    // Empty lines stand between a reasoning and its answer.
    let lines = GrammarPart.choice([.sequence([]), .literal("\n"), .literal("\n\n")])
    let grammar = try compile(
      opensReasoning ? .sequence([lines, whole]) : whole,
      ofCalls: form.schema == nil
    )
    var state = GrammarState(grammar)
    guard state.advance(by: form.prefix.utf8) else { throw FormFault(.unfitPrefix) }
    return .grammar(state)
  }

  private func calls(_ rules: CallRules, _ format: ToolCallFormat) -> GrammarPart {
    var functions = rules.functions
    if case .named(let name) = rules.choice { functions.removeAll { $0.name != name } }
    // Llama's template refuses a conversation with more than one call at once.
    let isParallel = rules.isParallel && format != .llama
    return calls(of: functions, format.frame, isParallel: isParallel)
  }

  private func strictCalls(
    _ rules: CallRules,
    _ format: ToolCallFormat
  ) throws(FormFault) -> AnswerConstraint.Rest {
    let strict = rules.functions.filter(\.isStrict)
    guard !strict.isEmpty, format.frame.arguments == .object else { return .free }
    var grammars: [String: Grammar] = [:]
    var stateCount = 0
    for function in strict {
      let grammar = try compile(.json(function.parameters), ofCalls: true)
      grammars[function.name] = grammar
      stateCount += grammar.stateCount
      guard stateCount <= Self.mostStates else { throw FormFault(.tooLarge) }
    }
    let stream = ToolCallStream(format, names: rules.names, acceptsPlain: true)
    return .calls(StrictCalls(tokenizer, stream, grammars: grammars))
  }

  private func compile(_ part: GrammarPart, ofCalls: Bool) throws(FormFault) -> Grammar {
    do throws(ConstraintError) { return try grammar(part) } catch {
      throw FormFault(.schema(error, ofCalls: ofCalls))
    }
  }
}
