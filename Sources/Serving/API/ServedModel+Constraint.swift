// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import Inference
import Tokenization

extension ServedModel {
  // LIMIT: of all strict functions of a request, some 60 MB; a large schema has 2,000.
  private static let mostStates = 200_000

  /// What an answer must keep to.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - prompt: Its prompt.
  ///   - end: What a person may end the answer's thinking with; nil where nobody can.
  /// - Throws: `APIError` where the model cannot keep to what is asked.
  /// - Returns: The constraint; nil where the answer is free.
  func constraint(
    _ request: ChatCompletionRequest,
    _ prompt: PreparedPrompt,
    end: ThinkingEnd?
  ) throws(APIError) -> AnswerConstraint? {
    guard let constraints, let tokenizer = prompts.tokenizer else {
      if request.tools != nil || request.format != nil || request.thinkingBudget != nil {
        throw .invalid("the model has no tokenizer, which the request needs")
      }
      return nil
    }
    let rest = try rest(request, prompt, constraints)
    let isFree = if case .free = rest { true } else { false }
    if isFree, request.thinkingBudget == nil, end == nil { return nil }
    let thinking = ThinkingControl(
      tokenizer,
      closingIDs: constraints.closingIDs,
      budget: request.thinkingBudget,
      end: end
    )
    if prompt.opensReasoning { return AnswerConstraint(thinking: thinking, rest: rest) }
    // Models whose prompts do not open the reasoning open it by themselves.
    let mayThink = request.thinking != .disabled
    let opening = mayThink ? constraints.openingID.map { (id: $0, thinking: thinking) } : nil
    if isFree, opening == nil { return nil }
    return AnswerConstraint(thinking: nil, opening: opening, rest: rest)
  }

  /// What finds calls in an answer; nil where there are no tools.
  func callStream(_ request: ChatCompletionRequest) -> ToolCallStream? {
    guard let tools = request.tools, let format = constraints?.format else { return nil }
    return ToolCallStream(format, names: tools.names, acceptsPlain: true)
  }

  private func rest(
    _ request: ChatCompletionRequest,
    _ prompt: PreparedPrompt,
    _ constraints: ModelConstraints
  ) throws(APIError) -> AnswerConstraint.Rest {
    do throws(APIError) {
      return try rest(request, request.tools, prompt, constraints)
    } catch {
      // Without `strict` a schema is advice: what cannot be kept to is left to the model.
      guard let tools = request.tools, !tools.functions.allSatisfy(\.isStrict) else { throw error }
      return try rest(request, tools.relaxed, prompt, constraints)
    }
  }

  private func rest(
    _ request: ChatCompletionRequest,
    _ tools: ToolDefinitions?,
    _ prompt: PreparedPrompt,
    _ constraints: ModelConstraints
  ) throws(APIError) -> AnswerConstraint.Rest {
    var parts: [GrammarPart] = []
    if let format = request.format { parts.append(.json(format.schema)) }
    if let tools {
      guard let format = constraints.format else {
        throw .invalid("the model's template writes calls in a form that is not read here", "tools")
      }
      if tools.choice != .auto, !request.prefix.isEmpty {
        throw .invalid("a message that is gone on with cannot become a call", "tool_choice")
      }
      if tools.choice != .auto || !parts.isEmpty {
        parts = (tools.choice == .auto ? parts : []) + [calls(tools, format, constraints)]
      } else {
        return try strictCalls(tools, format, constraints)
      }
    }
    guard !parts.isEmpty else { return .free }
    guard !request.options.ignoresEndOfSequence else {
      throw .invalid("'ignore_eos' leaves no end to an answer that must have a form", "ignore_eos")
    }
    let whole = GrammarPart.choice(parts)
    // Empty lines stand between a reasoning and its answer.
    let lines = GrammarPart.choice([.sequence([]), .literal("\n"), .literal("\n\n")])
    let grammar = try compile(
      prompt.opensReasoning ? .sequence([lines, whole]) : whole,
      constraints,
      request.format == nil ? "tools" : "response_format"
    )
    var state = GrammarState(grammar)
    guard state.advance(by: request.prefix.utf8) else {
      throw .invalid("the message to go on with does not fit 'response_format'", "messages")
    }
    return .grammar(state)
  }

  private func calls(
    _ tools: ToolDefinitions,
    _ format: ToolCallFormat,
    _ constraints: ModelConstraints
  ) -> GrammarPart {
    var functions = tools.functions
    if case .named(let name) = tools.choice { functions.removeAll { $0.name != name } }
    // Llama's template refuses a conversation with more than one call at once.
    let isParallel = tools.isParallel && format != .llama
    return constraints.calls(of: functions, format.frame, isParallel: isParallel)
  }

  private func strictCalls(
    _ tools: ToolDefinitions,
    _ format: ToolCallFormat,
    _ constraints: ModelConstraints
  ) throws(APIError) -> AnswerConstraint.Rest {
    let strict = tools.functions.filter(\.isStrict)
    guard !strict.isEmpty, format.frame.arguments == .object, let tokenizer = prompts.tokenizer
    else { return .free }
    var grammars: [String: Grammar] = [:]
    var stateCount = 0
    for function in strict {
      let grammar = try compile(.json(function.parameters), constraints, "tools")
      grammars[function.name] = grammar
      stateCount += grammar.stateCount
      guard stateCount <= Self.mostStates else {
        throw .invalid("the strict functions together are too large", "tools")
      }
    }
    let stream = ToolCallStream(format, names: tools.names, acceptsPlain: true)
    return .calls(StrictCalls(tokenizer, stream, grammars: grammars))
  }

  private func compile(
    _ part: GrammarPart,
    _ constraints: ModelConstraints,
    _ parameter: String
  ) throws(APIError) -> Grammar {
    do throws(ConstraintError) { return try constraints.grammar(part) } catch {
      throw .invalid("'\(parameter)': \(error.description)", parameter)
    }
  }
}
