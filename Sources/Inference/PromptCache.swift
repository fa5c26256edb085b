// SPDX-License-Identifier: Apache-2.0

import Models

/// The cache of one conversation, kept from answer to answer: what a prompt shares with the one before
/// is not computed again.
///
/// It changes no result: a position's keys and values depend on the tokens up to it alone.
public final class PromptCache {
  let sequence: SequenceCache
  /// The tokens whose keys and values it holds.
  public private(set) var ids: [Int32] = []

  init(_ sequence: SequenceCache) { self.sequence = sequence }

  /// Forgets what a prompt does not begin with, and at least the prompt's last token, whose logits are
  /// wanted.
  ///
  /// - Returns: How many of the prompt's tokens it holds.
  func rollBack(to promptIDs: [Int32]) -> Int {
    let limit = min(ids.count, promptIDs.count - 1)
    var count = 0
    while count < limit, ids[count] == promptIDs[count] { count += 1 }
    sequence.rollBack(to: count)
    ids.removeSubrange(count...)
    return count
  }

  /// What it holds, in blocks that others may share.
  var blocks: [SequenceBlock] { sequence.blocks(of: ids.count) }

  /// Continues from blocks that hold some tokens.
  func restore(_ blocks: [SequenceBlock], ids: [Int32]) {
    sequence.restore(blocks, positionCount: ids.count)
    self.ids = ids
  }

  /// Notes that the sequence holds more tokens.
  func append(_ more: [Int32]) { ids += more }

  /// Forgets everything, where a pass failed half way.
  func clear() {
    sequence.rollBack(to: 0)
    ids = []
  }
}
