// SPDX-License-Identifier: Apache-2.0

package import Constraints
package import Diagnostics

/// What an answer must be, and what it may think.
package struct AnswerForm: Sendable {
  /// What its JSON must be; nil for any text.
  package var schema: JSONSchema?
  /// What it may call; nil where there is nothing.
  package var calls: CallRules?
  /// What of it stands already, in the message that it goes on with.
  package var prefix = ""
  /// Whether it goes on after its end.
  package var ignoresEnd = false
  /// Whether it may think where its prompt leaves that open.
  package var mayThink = true
  /// The most tokens of its reasoning; nil for any number.
  package var thinkingBudget: Int?

  /// Creates the form of an answer that may be anything.
  package init() {}
}

/// Why a model cannot keep to a form.
package struct FormFault: DiagnosableError, Hashable {
  /// The kinds of fault.
  package enum Reason: Hashable, Sendable {
    /// The template writes calls in a form that is not read.
    case unreadCalls
    /// What is gone on with would have to become a call.
    case continuedCall
    /// The answer must have a form, and is to go on after its end.
    case endless
    /// What is gone on with does not fit the form.
    case unfitPrefix
    /// The strict functions together are too large.
    case tooLarge
    /// A schema, of the answer or of a function, cannot be kept to.
    case schema(ConstraintError, ofCalls: Bool)
  }

  /// The kind of fault.
  package var reason: Reason

  init(_ reason: Reason) { self.reason = reason }

  /// What is wrong.
  package var what: String {
    switch reason {
    case .unreadCalls: "the model's template writes calls in a form that is not read here"
    case .continuedCall: "a message that is gone on with cannot become a call"
    case .endless: "an answer that must have a form needs its end"
    case .unfitPrefix: "the message to go on with does not fit the form"
    case .tooLarge: "the strict functions together are too large"
    case .schema(let error, _): error.what
    }
  }

  /// The place in a schema.
  package var place: String? {
    if case .schema(let error, _) = reason { error.place } else { nil }
  }

  /// What to do.
  package var remedy: String? {
    switch reason {
    case .unreadCalls: "a model whose template writes calls as DeepSeek's, Qwen's or Llama's do"
    case .continuedCall, .unfitPrefix: "a conversation that ends with a message of the user"
    case .endless: "leave the end to the model"
    case .tooLarge: "fewer strict functions, or smaller schemas"
    case .schema(let error, _): error.remedy
    }
  }

  /// How a command ends.
  package var exitCode: ExitCode { .badData }
}
