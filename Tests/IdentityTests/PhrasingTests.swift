// SPDX-License-Identifier: Apache-2.0

import Identity
import JSON
import TestSupport
import Testing

/// Phrasings in five languages, each set written whole before it was run.
///
/// Method: rates over a set, so that one phrase may fail and a construction may not. At first sight the
/// sets had lower rates (Documentation/IdentityGuard.md); the rules were then widened for what they
/// lacked, so these bounds keep what was reached and foretell nothing about phrasings to come.
@Suite struct PhrasingTests {
  private static let guardian = IdentityGuard()

  private struct Phrasing {
    var claims: Bool
    var turns: [String]

    var hits: [IdentityHit] {
      guardian.check(
        IdentityDocument(
          turns: turns.enumerated().map { index, text in
            .init(role: index % 2 == 0 ? "user" : "assistant", text: text)
          }
        )
      )
    }
  }

  private static func phrasings(_ name: String) throws -> [Phrasing] {
    let path = Oracles.packageRoot + "/Tests/IdentityTests/Fixtures/phrasings-\(name).jsonl"
    return try Oracles.bytes(at: path).split(separator: 0x0A).map { line in
      let root = try JSONDocument(Array(line)).root
      return Phrasing(
        claims: root["claims"]?.boolean ?? false,
        turns: (root["turns"]?.array).map { turns in turns.map { $0.string ?? "" } } ?? []
      )
    }
  }

  @Test(arguments: [
    ("first", 145, 97.0), ("second", 104, 95.0), ("third", 54, 85.0), ("fourth", 36, 85.0),
  ])
  func `most claims are found`(_ name: String, _ count: Int, _ percent: Double) throws {
    let claims = try Self.phrasings(name).filter(\.claims)
    #expect(claims.count == count)
    let missed = claims.filter { phrasing in !phrasing.hits.contains { $0.label == .claim } }
    #expect(
      Double(count - missed.count) * 100 >= percent * Double(count),
      "\(missed.map(\.turns))"
    )
  }

  @Test(arguments: [("first", 144), ("second", 76), ("third", 34), ("fourth", 28)])
  func `of clean text one in a hundred is flagged at most`(_ name: String, _ count: Int) throws {
    let clean = try Self.phrasings(name).filter { !$0.claims }
    #expect(clean.count == count)
    let flagged = clean.filter { !$0.hits.isEmpty }
    #expect(flagged.count * 100 <= count, "\(flagged.map(\.turns))")
  }
}
