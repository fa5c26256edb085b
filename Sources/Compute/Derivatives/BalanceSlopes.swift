// SPDX-License-Identifier: Apache-2.0

/// What the sequence-wise balance loss says of one sequence's router logits.
///
/// `L = α Σᵢ fᵢ Pᵢ` with fᵢ a constant and Pᵢ the mean of the normalized affinities (DeepSeek-V3, arXiv
/// 2412.19437, equations 17 to 20): the slope of L with respect to a token's normalized affinity is
/// `α fᵢ / T`, the same for every token.
public struct BalanceSlopes: Sendable, Hashable {
  /// The rows of the sequence.
  public var rows: Range<Int>
  /// One an expert.
  public var slopes: [Float]

  /// Creates slopes.
  public init(rows: Range<Int>, slopes: [Float]) {
    self.rows = rows
    self.slopes = slopes
  }
}
