// SPDX-License-Identifier: Apache-2.0

/// Which source each row of a run comes from: in every block of rows each source has its share, in
/// a shuffled order.
struct SourceMixture: Sendable {
  // LIMIT: how fine shares are; large enough for a source of one part in a thousand.
  static let blockRowCount = 4096

  /// Where each source's rows begin in a block before it is shuffled; one more than there are
  /// sources.
  private let starts: [Int]
  private let random: TrainingRandom

  /// Creates a mixture.
  ///
  /// - Parameters:
  ///   - weights: How often each source comes, relative to the others.
  ///   - random: The key.
  /// - Throws: `DataError` with reason `unusableWeight`.
  init(weights: [Double], _ random: TrainingRandom) throws(DataError) {
    self.random = random
    let total = weights.reduce(0, +)
    for weight in weights where !(weight > 0 && weight.isFinite && total.isFinite) {
      throw DataError(.unusableWeight(weight))
    }
    // The largest remainders are rounded up; of equal ones the first.
    let exact = weights.map { $0 / total * Double(Self.blockRowCount) }
    var counts = exact.map { Int($0) }
    let missing = Self.blockRowCount - counts.reduce(0, +)
    let order = exact.indices.sorted {
      let (first, second) = (exact[$0] - Double(counts[$0]), exact[$1] - Double(counts[$1]))
      return first != second ? first > second : $0 < $1
    }
    for place in 0..<max(missing, 0) { counts[order[place % order.count]] += 1 }
    for (weight, count) in zip(weights, counts) where count == 0 {
      throw DataError(.unusableWeight(weight))
    }
    starts = counts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
  }

  /// The source of a row, and the row's place among that source's rows.
  ///
  /// - Parameter row: The row's place in the run.
  subscript(row: Int) -> (source: Int, place: Int) {
    guard starts.count > 2 else { return (0, row) }
    let block = row / Self.blockRowCount
    let permutation = KeyedPermutation(
      count: Self.blockRowCount,
      random,
      .mixture,
      stream: UInt64(block)
    )
    let slot = permutation[row % Self.blockRowCount]
    let source = DocumentList.last(starts, notAbove: slot)
    let share = starts[source + 1] - starts[source]
    return (source, block * share + slot - starts[source])
  }
}
