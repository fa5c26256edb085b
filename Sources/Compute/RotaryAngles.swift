// SPDX-License-Identifier: Apache-2.0

/// Which elements of a head are rotated together.
public enum RotaryLayout: String, Sendable, Hashable {
  /// Pairs `(j, j + d/2)`: Llama, Qwen, DeepSeekMoE ("NeoX").
  case halfSplit
  /// Pairs `(2j, 2j + 1)`: latent attention of DeepSeek-V2 and V3 ("GPT-J").
  case interleaved
}

/// Cosines and sines of the rows of one forward pass, `[rows, pairs]` each.
public struct RotaryAngles: Sendable {
  /// The cosines, times the attention factor where scaling asks for one.
  public let cosines: Activations
  /// The sines, times the same factor.
  public let sines: Activations

  /// Allocates angles for up to `rowCapacity` rows of `pairCount` pairs.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  public init(rowCapacity: Int, pairCount: Int) throws(ComputeError) {
    cosines = try Activations(rowCapacity: rowCapacity, columnCount: pairCount)
    sines = try Activations(rowCapacity: rowCapacity, columnCount: pairCount)
  }

  /// How many pairs a head rotates: half its rotary dimension.
  public var pairCount: Int { cosines.columnCount }

  /// Fills one row for a position.
  ///
  /// Angles are formed and evaluated in double precision with own functions and rounded once.
  ///
  /// - Parameters:
  ///   - row: A row below the capacity.
  ///   - position: The token's place in its sequence, from 0.
  ///   - inverseFrequencies: One a pair, in radians a position.
  ///   - factor: What cosine and sine are multiplied with.
  public func fill(row: Int, position: Int, inverseFrequencies: [Double], factor: Double) {
    precondition(inverseFrequencies.count == pairCount && row < cosines.rowCapacity)
    let cosineRow = cosines.rows(row + 1)
    let sineRow = sines.rows(row + 1)
    for (pair, frequency) in inverseFrequencies.enumerated() {
      let (sine, cosine) = ElementaryFunctions.sineAndCosine(Double(position) * frequency)
      cosineRow[row, pair] = Float(cosine * factor)
      sineRow[row, pair] = Float(sine * factor)
    }
  }

  /// Angles that undo the rotation by these: the sines negated.
  ///
  /// - Parameter rowCount: How many rows are wanted.
  /// - Throws: `ComputeError` if memory cannot be had.
  /// - Returns: As many rows, in buffers of their own.
  public func inverted(rowCount: Int) throws(ComputeError) -> RotaryAngles {
    let angles = try RotaryAngles(rowCapacity: max(rowCount, 1), pairCount: pairCount)
    for row in 0..<rowCount {
      angles.cosines.rows(rowCount).set(
        row: row,
        to: cosines.rows(rowCount).floats(row: row)
      )
      angles.sines.rows(rowCount).set(
        row: row,
        to: sines.rows(rowCount).floats(row: row).map { -$0 }
      )
    }
    return angles
  }
}
