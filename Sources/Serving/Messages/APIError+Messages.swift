// SPDX-License-Identifier: Apache-2.0

import JSON

extension APIError {
  /// Whose clients read an error.
  enum Form {
    /// OpenAI's and DeepSeek's.
    case chat
    /// Anthropic's.
    case messages
  }

  /// The error as the clients of a path read it: Anthropic's have other statuses for some.
  package func formed(forPath path: String) -> APIError {
    guard APIEndpoints.isMessages(path) else { return self }
    var error = self
    error.form = .messages
    error.status =
      switch status {
      case 422: 400
      case 503: 529
      default: status
      }
    return error
  }

  /// The body, also that of an event.
  var messagesJSON: JSONText {
    let details: [(String, JSONText)] =
      [
        ("error_code", .string(code)), ("param", parameter.map(JSONText.string) ?? .null),
      ] + counts.map { ($0.0, .integer($0.1)) }
    return .object([
      ("type", .string("error")),
      (
        "error",
        .object([
          ("type", .string(messagesType)), ("message", .string(message)),
          ("details", .object(details)),
        ])
      ),
    ])
  }

  private var messagesType: String {
    switch status {
    case 401: "authentication_error"
    case 402: "billing_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 408, 504: "timeout_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 503, 529: "overloaded_error"
    case 400..<500: "invalid_request_error"
    default: "api_error"
    }
  }
}
