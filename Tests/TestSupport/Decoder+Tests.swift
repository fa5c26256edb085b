// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Models

extension Decoder {
  /// The most positions that this decoder takes.
  public var lengthLimit: Int {
    min(architecture.rotary.lengthLimit ?? .max, architecture.contextLength)
  }

  /// The likeliest continuation, computed token by token after one pass over the prompt.
  public func greedy(_ ids: [Int32], count: Int) throws -> [Int32] {
    let cache = makeCache()
    var pending = ids
    var result: [Int32] = []
    while result.count < count {
      let logits = try forward([SequenceInput(ids: pending, cache: cache)]).logits
      let next = logits.floats(row: 0).indexOfLargest
      result.append(next)
      pending = [next]
    }
    return result
  }

  /// The logits of every position, in passes of the given sizes; the last size repeats.
  public func allLogits(_ ids: [Int32], chunks: [Int]? = nil) throws -> [[Float]] {
    let cache = makeCache()
    var sizes = (chunks ?? [ids.count])[...]
    var rest = ids[...]
    var result: [[Float]] = []
    while !rest.isEmpty {
      let size = min(sizes.count > 1 ? sizes.removeFirst() : sizes.first ?? 1, rest.count)
      let input = SequenceInput(ids: Array(rest.prefix(size)), cache: cache, logitRows: .all)
      let logits = try forward([input]).logits
      result += (0..<size).map { logits.floats(row: $0) }
      rest = rest.dropFirst(size)
    }
    return result
  }

  /// The prediction layer's logits of every position but the last.
  public func aheadLogits(_ ids: [Int32]) throws -> [[Float]] {
    guard ids.count > 1 else { return [] }
    let cache = makeCache()
    let result = try forward(
      [SequenceInput(ids: ids, cache: cache, logitRows: .none)],
      keepsHidden: true
    )
    guard let hidden = result.hidden else { return [] }
    let next = SequenceInput(ids: Array(ids.dropFirst()), cache: cache, logitRows: .all)
    let logits = try predictAhead(hidden.rows(0..<ids.count - 1), inputs: [next]).logits
    return (0..<logits.rowCount).map { logits.floats(row: $0) }
  }
}

extension [Float] {
  /// The place of the largest value, of equals the first.
  public var indexOfLargest: Int32 {
    var best = 0
    for index in indices where self[index] > self[best] { best = index }
    return Int32(best)
  }

  /// Whether both hold the same bits; a NaN equals every NaN.
  public func hasSameBits(as other: [Float]) -> Bool {
    count == other.count
      && zip(self, other).allSatisfy {
        $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
      }
  }
}

extension ActivationView {
  /// The largest absolute difference between this view's last rows and a stored matrix.
  public func largestDifference(fromLastRowsOf stored: Tensor) -> Float {
    var largest: Float = 0
    for row in 0..<stored.rowCount {
      let got = floats(row: rowCount - stored.rowCount + row)
      for (column, value) in got.enumerated() {
        let difference = abs(value - stored.float(at: row * got.count + column))
        // A NaN must not pass as small.
        if !(difference <= largest) { largest = difference.isNaN ? .infinity : difference }
      }
    }
    return largest
  }
}
