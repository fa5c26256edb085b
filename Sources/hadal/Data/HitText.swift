// SPDX-License-Identifier: Apache-2.0

import Identity
import JSON
import Terminal

/// A hit of the identity guard, as commands print it.
struct HitText {
  let hit: IdentityHit
  let path: String
  let line: Int
  var id: JSONText?

  /// The line for a person.
  var text: String {
    // What a file says may hold what a terminal would obey.
    let width = DisplayWidth()
    let sentence = width.safe(hit.text).split(whereSeparator: \.isNewline).joined(separator: " ")
    let name = hit.name.isEmpty ? "" : " \(width.safe(hit.name))"
    return "\(path):\(line): \(hit.label.rawValue), \(hit.rule.rawValue)\(name): \(sentence)"
  }

  /// The object for a program, and for a file of decisions.
  var json: JSONText {
    var members: [(String, JSONText)] = [("file", .string(path)), ("line", .integer(line))]
    if let id { members.append(("id", id)) }
    return .object(
      members + [
        ("language", .string(hit.language)), ("label", .string(hit.label.rawValue)),
        ("name", .string(hit.name)), ("rule", .string(hit.rule.rawValue)),
        ("text", .string(hit.text)), ("hash", .string(hit.hash)),
      ]
    )
  }
}
