// SPDX-License-Identifier: Apache-2.0

import Hashing

extension IdentityGuard {
  /// Counts changes of what is done with the tables; whoever changes that changes this.
  static let rulesRevision = 1

  /// What tells one state of the rules from another: the SHA-256, in hexadecimal, of the names, words,
  /// constructions and cues, and of a number that stands for the code that reads them.
  public var rulesDigest: String {
    var hash = SHA256Hash()
    func add(_ texts: [String]) {
      // Lengths keep the borders of the tables.
      for text in texts { hash.update(Array("\(text.utf8.count)\n\(text)".utf8)) }
    }
    add(["\(Self.rulesRevision)"])
    for maker in makers { add([maker.name] + maker.makers + ["/"] + maker.models) }
    for grammar in Grammar.all { add(grammar.tables) }
    for cues in ContextCues.all { add(cues.spellings) }
    add([ScanCues.cutoffs, ScanCues.assistants, Evidence.assistantTable, Evidence.strongTable])
    return Hexadecimal.text(hash.digest)
  }
}
