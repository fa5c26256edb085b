// SPDX-License-Identifier: Apache-2.0

import Constraints
import Foundation
import JSON
import TestSupport
import Testing

/// Schemas with random damage.
///
/// Each is compiled or refused; a trap or a hang stops the test process. `HADAL_LONG=1` makes it 100,000.
@Suite struct SchemaFuzzTests {
  @Test(.timeLimit(.minutes(30)))
  func `a damaged schema is compiled or refused`() {
    let words = [
      "null", "true", "-1", "1e308", "\"\"", "[]", "{}", "{\"$ref\":\"#\"}", "\"anyOf\":[",
      "\"not\":",
      "99999999999999999999", "\"pattern\":\"(a|b)*\",", ",", ":", "#/properties/a",
      "\"minLength\":99,",
    ]
    let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"
    let vocabulary = TinyVocabulary.make(seed: 0)
    var mask = TokenMask(count: vocabulary.count)
    var compiledCount = 0
    var refusedCount = 0
    for round in 0..<(isLong ? 100_000 : 3000) {
      let seed = SchemaSamples.all[round % SchemaSamples.all.count]
      let bytes = TextDamage.bytes(seed, words: words, round: round)
      guard let document = try? JSONDocument(bytes) else { continue }
      _ = JSONSchema.strictFault(in: document.root)
      do throws(ConstraintError) {
        let grammar = try Grammar(JSONSchema(document.root), vocabulary: vocabulary)
        GrammarState(grammar).mask(into: &mask)
        #expect(mask.allowedCount > 0, "round \(round)")
        compiledCount += 1
      } catch {
        #expect(error.pointer.hasPrefix("#"), "round \(round): \(error)")
        refusedCount += 1
      }
    }
    #expect(compiledCount > 100 && refusedCount > 100, "\(compiledCount) and \(refusedCount)")
  }
}
