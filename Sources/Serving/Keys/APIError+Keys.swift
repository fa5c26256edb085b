// SPDX-License-Identifier: Apache-2.0

import Storage

// Status, message and body as DeepSeek's API has them; of openai's client 401 and 402 are not tried
// again, 429 is.
extension APIError {
  /// A key that is missing or wrong.
  static func unauthenticated(_ reason: String) -> APIError {
    APIError(
      status: 401,
      message: "Authentication Fails: \(reason)",
      type: "authentication_error",
      code: "invalid_api_key"
    )
  }

  /// A key that has used up what it may use.
  static func usedUp(_ key: APIKey) -> APIError {
    let rest = key.balance.map { "the balance of the key is \($0) USD" }
    let tokens = key.limits.tokenCount.map { "the key has used \(key.used.total) of \($0) tokens" }
    let isMoney = (key.balance?.picodollars ?? 1) <= 0
    return APIError(
      status: 402,
      message: "Insufficient Balance: \((isMoney ? rest : tokens) ?? "nothing is left")",
      type: "insufficient_balance",
      code: "insufficient_balance"
    )
  }

  /// A key that has as many requests at once as it may have.
  static func tooMany(_ count: Int) -> APIError {
    APIError(
      status: 429,
      message:
        "Rate Limit Reached: the key may have \(count) \(count == 1 ? "request" : "requests")"
        + " at once",
      type: "rate_limit_error",
      code: "rate_limit_reached",
      retryAfter: 1
    )
  }

  /// A database that does not say who asks, or does not take what was used.
  static var keysUnavailable: APIError {
    APIError(
      status: 503,
      message: "the server cannot read or write its keys",
      type: "server_error",
      code: "server_overloaded",
      retryAfter: 5
    )
  }
}
