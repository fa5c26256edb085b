// SPDX-License-Identifier: Apache-2.0

/// MinHash with bands (Broder 1997; Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4):
/// texts that share most of their shingles very probably share a band.
struct MinimumHash: Sendable {
  /// How many permutations there are.
  static let permutationCount = 128
  // LIMIT: of pairs right at the threshold one in a thousand may be missed.
  private static let missedShare = 0.001

  /// How many permutations make a band.
  let rowCount: Int
  private let factors: [UInt64]
  private let summands: [UInt64]

  /// Chooses permutations and bands.
  ///
  /// - Parameters:
  ///   - threshold: The share of common shingles from which two texts must meet; above 0.
  ///   - seed: The key of the permutations.
  init(threshold: Double, seed: UInt64) {
    let random = TrainingRandom(seed: seed)
    let words = (0..<Self.permutationCount).map {
      random.words(.minimumHash, index: UInt64($0))
    }
    factors = words.map { $0.0 | 1 }
    summands = words.map { $0.1 }
    // The longest bands that still find a pair at the threshold: they bring the fewest others.
    rowCount =
      (1...16).last { Self.share(missedWith: $0, threshold) <= Self.missedShare } ?? 1
  }

  /// The probability that a pair of this similarity shares no band.
  private static func share(missedWith rowCount: Int, _ similarity: Double) -> Double {
    var band = 1.0
    for _ in 0..<rowCount { band *= similarity }
    var missed = 1.0
    for _ in 0..<permutationCount / rowCount { missed *= 1 - band }
    return missed
  }

  /// The hashes of a text's bands; empty for a text without a word.
  func bands(of shingles: Shingles) -> [UInt64] {
    guard !shingles.hashes.isEmpty else { return [] }
    let hashes = shingles.hashes.span
    let least = zip(factors, summands).map { factor, summand in
      var least = UInt64.max
      for index in hashes.indices { least = min(least, hashes[index] &* factor &+ summand) }
      return least
    }
    return (0..<Self.permutationCount / rowCount).map { band in
      var hash = UInt64(band)
      for row in 0..<rowCount { hash = Shingles.mixed(hash ^ least[band * rowCount + row]) }
      return hash
    }
  }
}
