// SPDX-License-Identifier: Apache-2.0

/// A construction that a sentence holds, before the conversation is asked.
struct Finding: Sendable, Hashable {
  var rule: IdentityRule
  /// The name's place among those of the segment; nil for an unknown one and for none.
  var name: Int?
  /// The words of an unknown name.
  var unknown: Range<Int>?
  var language: String
}
