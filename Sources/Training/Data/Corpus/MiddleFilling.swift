// SPDX-License-Identifier: Apache-2.0

public import Tokenization

/// Rearranges some texts so that a model learns to fill the middle in: prefix, suffix, middle.
///
/// The two cuts are uniform over the text's scalars (DeepSeek-V3's report, section 4.1, gives the
/// form and a rate of 0.1, but not the cuts).
public struct MiddleFilling: Sendable {
  // LIMIT: a shorter text has no middle worth the name.
  private static let leastByteCount = 32

  /// The share of texts that are rearranged.
  public let rate: Double
  private let begin: Int32
  private let hole: Int32
  private let end: Int32
  private let random: TrainingRandom

  /// The control tokens that it needs.
  public static let tokens = ["begin", "hole", "end"].map { "<｜fim▁\($0)｜>" }

  /// Creates it.
  ///
  /// - Parameters:
  ///   - rate: The share of texts, 0 to 1.
  ///   - tokenizer: Has the control tokens.
  ///   - seed: The key of the choices.
  /// - Throws: `DataError` where a token is missing, or the rate is no share.
  public init(rate: Double, _ tokenizer: Tokenizer, seed: UInt64) throws(DataError) {
    guard rate >= 0, rate <= 1 else {
      throw DataError(.outOfBounds(option: "--fim", found: "\(rate)", expected: "0 to 1"))
    }
    var ids: [Int32] = []
    for token in Self.tokens {
      guard let added = tokenizer.addedTokens.first(where: { $0.content == token }) else {
        throw DataError(.missingToken(token))
      }
      ids.append(added.id)
    }
    self.rate = rate
    (begin, hole, end) = (ids[0], ids[1], ids[2])
    random = TrainingRandom(seed: seed)
  }

  /// Returns the ids of a text that is rearranged, without its ends; nil where it stays as it is.
  ///
  /// - Throws: What `encode` throws.
  func ids(
    of text: [UInt8],
    _ digest: DocumentDigest,
    encode: (ArraySlice<UInt8>) throws(TokenizationError) -> [Int32]
  ) throws(TokenizationError) -> [Int32]? {
    guard text.count >= Self.leastByteCount else { return nil }
    let (choice, _) = random.words(.fillInMiddle, index: digest.high)
    guard Double(choice >> 11) * 0x1p-53 < rate else { return nil }
    let (one, other) = random.words(step: 1, .fillInMiddle, index: digest.high)
    let starts = text.indices.filter { text[$0] & 0xC0 != 0x80 } + [text.count]
    let first = starts[TrainingRandom.below(starts.count, one)]
    let second = starts[TrainingRandom.below(starts.count, other)]
    let middle = min(first, second)..<max(first, second)
    return try [begin] + encode(text[..<middle.lowerBound]) + [hole]
      + encode(text[middle.upperBound...]) + [end] + encode(text[middle])
  }
}
