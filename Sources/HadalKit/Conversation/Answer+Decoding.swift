// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension Answer {
  /// Reads the answer's JSON as a value.
  ///
  /// - Parameter type: The value's type.
  /// - Throws: ``HadalError`` of kind ``HadalError/Kind/unreadable`` where the answer was cut off, or is
  ///   no such value.
  /// - Returns: The value.
  public func decoded<Value: Decodable>(as type: Value.Type) throws(HadalError) -> Value {
    guard finish == .stop else {
      throw HadalError(
        .unreadable,
        "the answer was cut off after \(usage.answerCount) tokens",
        remedy: "raise 'maxTokens', or ask for less"
      )
    }
    do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
      throw HadalError(
        .unreadable,
        "the answer is no \(type): \(error)",
        remedy: "a schema that says what the type needs"
      )
    }
  }
}
