// SPDX-License-Identifier: Apache-2.0

package import Models

/// What sequences that ended have left, for prompts that begin like them.
///
/// It shares the blocks of caches and copies none: whoever writes to a shared block copies it first.
/// What it gives changes no result, since a position's keys and values depend on the tokens up to it
/// alone. One thread uses it.
package final class PrefixCache {
  /// What of a sequence is held.
  package struct Hit {
    /// The blocks of its first positions.
    package let blocks: [SequenceBlock]
    /// How many positions are the sequence's.
    package let count: Int
  }

  /// How many bytes the blocks take.
  package private(set) var byteCount = 0

  private let blockExtent: Int
  private var tree: PrefixTree
  private var blocks: [Int: SequenceBlock] = [:]
  // A node is used after those below it, so that the oldest never has one below it.
  private var order = UseOrder()

  /// Creates an empty cache.
  ///
  /// - Parameters:
  ///   - blockExtent: The positions of a block.
  ///   - hash: How blocks are found.
  package init(blockExtent: Int, hash: @escaping PrefixTree.Hash = PrefixTree.seededHash) {
    self.blockExtent = blockExtent
    tree = PrefixTree(blockExtent: blockExtent, hash: hash)
  }

  /// What is held of a sequence of tokens, without its last one, whose logits are wanted.
  ///
  /// - Returns: Nil where that is nothing.
  package func find(_ ids: [Int32], owner: PrefixOwner) -> Hit? {
    let match = tree.match(ids.dropLast(), owner: owner)
    guard match.count > 0 else { return nil }
    use(match.nodes)
    return Hit(blocks: match.nodes.compactMap { blocks[$0] }, count: match.count)
  }

  /// Keeps the blocks of a sequence.
  ///
  /// - Parameters:
  ///   - ids: Its tokens.
  ///   - newBlocks: What it stores of them.
  ///   - owner: Who alone may find them.
  package func keep(_ ids: [Int32], _ newBlocks: [SequenceBlock], owner: PrefixOwner) {
    var place = tree.root(of: owner)
    var path: [Int] = []
    for (index, block) in newBlocks.enumerated() {
      let first = index * blockExtent
      let part = ids[first..<min(first + blockExtent, ids.count)]
      let next = tree.node(part, after: place) ?? add(part, block, after: place)
      path.append(next)
      place = next
    }
    use(path)
  }

  /// Forgets what was not used for longest, until the rest takes no more than so many bytes.
  package func shrink(to byteCount: Int) {
    while self.byteCount > max(byteCount, 0), let oldest = order.oldest { forget(oldest) }
  }

  /// Says what of a prompt is held, and why not more.
  package func explain(_ ids: [Int32], owner: PrefixOwner) -> PrefixExplanation {
    guard tree.hasPrefixes(of: owner) else {
      return PrefixExplanation(hitCount: 0, reason: .nothingHeld)
    }
    let match = tree.match(ids[...], owner: owner)
    let hitCount = min(match.count, max(ids.count - 1, 0))
    guard match.count < ids.count else {
      return PrefixExplanation(hitCount: hitCount, reason: .whole)
    }
    let reason: PrefixExplanation.Reason
    if let expected = tree.id(after: match, owner: owner) {
      let found = ids[match.count]
      reason = .differs(index: match.count, expected: expected, found: found)
    } else {
      reason = .ends(index: match.count)
    }
    return PrefixExplanation(hitCount: hitCount, reason: reason)
  }

  private func use(_ path: [Int]) { for id in path.reversed() { order.use(id) } }

  private func add(_ ids: ArraySlice<Int32>, _ block: SequenceBlock, after place: Int) -> Int {
    let ends = tree.ends(before: ids, after: place)
    let id = tree.add(ids, after: place)
    blocks[id] = block
    byteCount += block.byteCount
    for end in ends { forget(end) }
    return id
  }

  private func forget(_ id: Int) {
    for removed in tree.remove(id) {
      order.remove(removed)
      if let block = blocks.removeValue(forKey: removed) { byteCount -= block.byteCount }
    }
  }
}
