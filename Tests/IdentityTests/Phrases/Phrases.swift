// SPDX-License-Identifier: Apache-2.0

import Identity
import Testing

/// Phrases of one language, written for these tests: some must be found, some must not.
struct Phrases: Sendable, CustomTestStringConvertible {
  let language: String
  let claims: [IdentityDocument]
  let clean: [IdentityDocument]

  init(language: String, claims: String, clean: String) {
    self.language = language
    self.claims = Self.documents(claims)
    self.clean = Self.documents(clean)
  }

  var testDescription: String { language }

  /// All languages.
  static let all = [english, hindi, chinese, spanish, arabic]

  private static func documents(_ table: String) -> [IdentityDocument] {
    table.split(separator: "\n").map { line in
      let sides = line.split(separator: "=>", maxSplits: 1)
      let answer = sides.last.map { $0.drop { $0 == " " } } ?? ""
      return IdentityDocument(turns: [
        .init(role: "user", text: String(sides.first ?? "")),
        .init(
          role: "assistant",
          text: answer.split(separator: #"\n"#, omittingEmptySubsequences: false).joined(
            separator: "\n"
          )
        ),
      ])
    }
  }
}
