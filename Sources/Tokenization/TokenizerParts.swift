// SPDX-License-Identifier: Apache-2.0

/// Everything that the files say, ready for use.
struct TokenizerParts: Sendable {
  var vocabulary: Vocabulary
  var merges: MergeTable
  var normalizer = Normalizer()
  var preTokenizer = PreTokenizer()
  var decoder = TextDecoder.none
  var addedTokens: [AddedToken] = []
  /// Finds the added tokens that are looked for before the text is normalized, and after.
  var rawMatcher = AddedTokenMatcher([])
  var normalizedMatcher = AddedTokenMatcher([])
  /// Finds all added tokens in what a chat template wrote.
  var templateMatcher = AddedTokenMatcher([])
  var specialIDs: Set<Int32> = []
  /// Whether a piece of the vocabulary is taken whole, whatever the merges would make of it.
  var ignoresMerges = false
  /// The token of each byte: in the byte alphabet, or as `<0xNN>`; -1 where there is none.
  var byteIDs = [Int32](repeating: -1, count: 256)
  /// Whether a character that the vocabulary lacks becomes the tokens of its bytes.
  var hasByteFallback = false
  /// The token of what nothing else stands for, and whether a run of these is one.
  var unknownID: Int32?
  var fusesUnknown = false
  var prefix: [Int32] = []
  var suffix: [Int32] = []
  var beginningOfTextID: Int32?
  var endOfTextID: Int32?
  var generalPattern: String?
}
