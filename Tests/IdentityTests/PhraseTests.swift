// SPDX-License-Identifier: Apache-2.0

import Identity
import Testing

/// Own phrases in five languages, with names and constructions that stand in no other set.
@Suite struct PhraseTests {
  private static let guardian = IdentityGuard()

  @Test(arguments: Phrases.all)
  func `every claim is found`(_ phrases: Phrases) {
    let missed = phrases.claims.filter { document in
      !Self.guardian.check(document).contains { $0.label == .claim }
    }
    #expect(missed.isEmpty, "\(missed.map { $0.turns.map(\.text) })")
  }

  @Test(arguments: Phrases.all)
  func `no clean text is flagged`(_ phrases: Phrases) {
    let flagged = phrases.clean.flatMap { Self.guardian.check($0) }
    #expect(flagged.isEmpty, "\(flagged.map { ($0.rule, $0.text) })")
  }
}
