// SPDX-License-Identifier: Apache-2.0

/// Why an engine does not take a request.
public enum EngineRefusal: Error, Hashable, Sendable {
  /// As many wait as may; with the seconds after which one of them should have begun, where known.
  case full(waiting: Int, retryAfter: Double?)
  /// The prompt has no tokens, is longer than the context, or names what the model has not.
  case invalid(reason: String)
  /// The prompt and one token more are longer than the context.
  case tooLong(tokenCount: Int, limit: Int)
  /// The engine ends: it finishes what runs.
  case stopping
}
