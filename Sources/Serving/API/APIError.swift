// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Inference
package import JSON
import Models

/// Why a request is not answered, in the form that OpenAI's and DeepSeek's clients read, or Anthropic's.
package struct APIError: Error {
  /// The status of HTTP.
  package var status: Int
  /// What is wrong, for a person.
  package var message: String
  /// What kind of error it is.
  var type = "invalid_request_error"
  /// Which error it is, for a program.
  package var code = "invalid_request_error"
  /// The field at fault.
  package var parameter: String?
  /// Further numbers of the body.
  var counts: [(String, Int)] = []
  /// Seconds after which it may be tried again.
  var retryAfter: Double?
  /// Whose clients read it.
  var form = Form.chat

  /// The body.
  package var json: JSONText {
    guard form == .chat else { return messagesJSON }
    return .object([
      (
        "error",
        .object(
          [
            ("message", .string(message)), ("type", .string(type)),
            ("param", parameter.map(JSONText.string) ?? .null), ("code", .string(code)),
          ] + counts.map { ($0.0, .integer($0.1)) }
        )
      )
    ])
  }

  /// A request of another form than it should have.
  static func invalid(_ message: String, _ parameter: String? = nil) -> APIError {
    APIError(status: 400, message: message, parameter: parameter)
  }

  /// A value beyond what a field takes.
  static func outOfRange(_ message: String, _ parameter: String) -> APIError {
    APIError(
      status: 422,
      message: message,
      code: "invalid_parameters",
      parameter: parameter
    )
  }

  /// A model that is not served.
  static func unknownModel(_ name: String, served: [String]) -> APIError {
    APIError(
      status: 404,
      message: "the model '\(name)' is not served here; served: \(served.joined(separator: ", "))",
      code: "model_not_found",
      parameter: "model"
    )
  }

  /// A prompt that leaves no room for an answer.
  static func tooLong(
    promptCount: Int,
    contextLength: Int,
    _ parameter: String
  ) -> APIError {
    APIError(
      status: 400,
      message: "the prompt has \(promptCount) tokens, and with one of an answer the context of "
        + "\(contextLength) is passed",
      code: "context_length_exceeded",
      parameter: parameter,
      counts: [("n_prompt_tokens", promptCount), ("n_ctx", contextLength)]
    )
  }

  /// An answer that was ended before it was done.
  static var cancelled: APIError {
    APIError(
      status: 503,
      message: "the answer was ended before it was done",
      type: "server_error",
      code: "server_stopping",
      retryAfter: 5
    )
  }
}

extension APIError {
  /// An engine that does not take a request whose prompt stands in a field.
  init(_ refusal: EngineRefusal, promptCount: Int, _ parameter: String) {
    switch refusal {
    case .full(let waiting, let retryAfter):
      self.init(
        status: 503,
        message: "the server is busy: \(waiting) requests wait already",
        type: "server_error",
        code: "server_overloaded",
        retryAfter: max(retryAfter ?? 1, 1)
      )
    case .invalid(let reason): self = .invalid(reason)
    case .tooLong(_, let limit):
      self = .tooLong(promptCount: promptCount, contextLength: limit, parameter)
    case .stopping:
      self.init(
        status: 503,
        message: "the server ends: it finishes the answers that were begun",
        type: "server_error",
        code: "server_stopping",
        retryAfter: 5
      )
    }
  }

  /// An answer that cannot go on.
  init(_ error: ModelError) {
    self.init(
      status: 500,
      message: "the answer could not be computed: \(error.description)",
      type: "server_error",
      code: "server_error"
    )
  }

  /// What making a prompt threw: the conversation's fault, or the model's files'.
  init(promptFault error: any Error) {
    if let error = error as? APIError {
      self = error
    } else if let error = error as? any DiagnosableError {
      self = .invalid(error.description, "messages")
    } else {
      self.init(status: 500, message: "\(error)", type: "server_error", code: "server_error")
    }
  }
}
