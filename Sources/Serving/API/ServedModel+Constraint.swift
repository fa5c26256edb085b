// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import HadalKit
import Inference

extension ServedModel {
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
    guard let constraints else {
      if request.tools != nil || request.format != nil || request.thinkingBudget != nil {
        throw .invalid("the model has no tokenizer, which the request needs")
      }
      return nil
    }
    var form = AnswerForm()
    form.schema = request.format?.schema
    form.calls = request.tools?.rules
    form.prefix = request.prefix
    form.ignoresEnd = request.options.ignoresEndOfSequence
    form.mayThink = request.thinking != .disabled
    form.thinkingBudget = request.thinkingBudget
    do throws(FormFault) {
      return try constraints.constraint(form, opensReasoning: prompt.opensReasoning, end: end)
    } catch {
      throw APIError(error)
    }
  }

  /// What finds calls in an answer; nil where there are no tools.
  func callStream(_ request: ChatCompletionRequest) -> ToolCallStream? {
    constraints?.callStream(request.tools?.rules)
  }
}

extension APIError {
  /// A form that the model cannot keep to, with the fields of the request that ask for it.
  init(_ fault: FormFault) {
    switch fault.reason {
    case .unreadCalls, .tooLarge: self = .invalid(fault.what, "tools")
    case .continuedCall: self = .invalid(fault.what, "tool_choice")
    case .endless:
      self = .invalid(
        "'ignore_eos' leaves no end to an answer that must have a form",
        "ignore_eos"
      )
    case .unfitPrefix:
      self = .invalid("the message to go on with does not fit 'response_format'", "messages")
    case .schema(let error, let ofCalls):
      let parameter = ofCalls ? "tools" : "response_format"
      self = .invalid("'\(parameter)': \(error.description)", parameter)
    }
  }
}
