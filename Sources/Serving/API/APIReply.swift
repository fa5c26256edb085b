// SPDX-License-Identifier: Apache-2.0

package import JSON

/// What the API answers to a request.
package enum APIReply: Sendable {
  /// A JSON object.
  case json(JSONText, headers: [(String, String)])
  /// Text of another kind.
  case text(String, mediaType: String)
  /// Events, sent as they come.
  case events(AnswerRun, headers: [(String, String)])
  /// A whole answer, computed while the client waits.
  case answer(AnswerRun, headers: [(String, String)])
}
