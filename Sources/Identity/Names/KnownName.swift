// SPDX-License-Identifier: Apache-2.0

/// One spelling of a name that the guard knows.
struct KnownName: Sendable, Hashable {
  /// The company's place in the table; nil for an allowed name that is in none.
  var maker: Int?
  /// What reports say.
  var shown: String
  var isModel = false
  var isMaker = false
  /// Also an ordinary word: a name only with a capital.
  var isCommon = false
  /// Also a person, a sign, an animal: no claim where somebody plays a part.
  var isPerson = false
  /// How many words the table spells it with.
  var wordCount = 1
  /// The operator's own.
  var isAllowed = false
}
