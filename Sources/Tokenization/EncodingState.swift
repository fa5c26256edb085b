// SPDX-License-Identifier: Apache-2.0

/// The buffers of one encoding, which live on for the next.
struct EncodingState: Sendable {
  var ids: [Int32] = []
  var merging = BytePairMerging()
  var cache = PieceCache()
  var pattern = PatternState()
  var symbols: [UInt8] = []

  mutating func begin(byteCount: Int) {
    ids.reserveCapacity(byteCount / 3 + 8)
    pattern.allowSteps(forByteCount: byteCount)
  }
}
