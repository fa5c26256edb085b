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

  /// The file of a block.
  private struct File {
    let name: [UInt8]
    /// Its way to the disk; nil where it was there before.
    let write: PrefixWrite?
  }

  // LIMIT: blocks on the disk that a long run remembers, a kilobyte each; others are found by the next.
  private static let mostKnown = 1 << 17

  /// How many bytes the blocks take in memory.
  package private(set) var byteCount = 0

  private let blockExtent: Int
  private let store: PrefixStore?
  private var tree: PrefixTree
  private var blocks: [Int: SequenceBlock] = [:]
  private var files: [Int: File] = [:]
  // Of what is in memory. A node is used after those below it, so that the oldest never has one below
  // it.
  private var order = UseOrder()

  /// Creates a cache of what a store holds, or an empty one.
  ///
  /// - Parameters:
  ///   - blockExtent: The positions of a block.
  ///   - store: Where blocks are kept from run to run.
  ///   - hash: How blocks are found.
  package init(
    blockExtent: Int,
    store: PrefixStore? = nil,
    hash: @escaping PrefixTree.Hash = PrefixTree.seededHash
  ) {
    self.blockExtent = blockExtent
    self.store = store
    tree = PrefixTree(blockExtent: blockExtent, hash: hash)
    if let store { takeUp(store) }
  }

  // MARK: Use

  /// What is held of a sequence of tokens, without its last one, whose logits are wanted.
  ///
  /// Blocks that are on the disk alone are read.
  ///
  /// - Returns: Nil where nothing is held.
  package func find(_ ids: [Int32], owner: PrefixOwner) -> Hit? {
    let match = tree.match(ids.dropLast(), owner: owner)
    var found: [SequenceBlock] = []
    for id in match.nodes {
      guard let block = block(id) else {
        // Its file is gone, or no longer what it was: so is all that follows it.
        forget(id)
        break
      }
      found.append(block)
    }
    guard !found.isEmpty else { return nil }
    use(Array(match.nodes.prefix(found.count)))
    return Hit(blocks: found, count: min(match.count, found.count * blockExtent))
  }

  /// Keeps the blocks of a sequence.
  ///
  /// - Parameters:
  ///   - ids: Its tokens.
  ///   - newBlocks: What it stores of them.
  ///   - owner: Who alone may find them.
  ///   - isEnd: Whether it ended: until then its last block, which is not full, stays in memory.
  package func keep(
    _ ids: [Int32],
    _ newBlocks: [SequenceBlock],
    owner: PrefixOwner,
    isEnd: Bool = true
  ) {
    var place = tree.root(of: owner)
    var path: [Int] = []
    for (index, block) in newBlocks.enumerated() {
      let first = index * blockExtent
      let part = ids[first..<min(first + blockExtent, ids.count)]
      let next = tree.node(part, after: place) ?? add(part, after: place)
      // A node may go on beyond the sequence: then its block is another one, and on the disk.
      if blocks[next] == nil, tree[next]?.ids.count == part.count { hold(block, next) }
      path.append(next)
      place = next
    }
    if let store { write(path, to: store, owner: owner, isEnd: isEnd) }
    use(path)
  }

  /// Forgets what was not used for longest, until the rest takes no more than so many bytes of memory.
  ///
  /// What is on the disk stays there.
  package func shrink(to byteCount: Int) {
    while self.byteCount > max(byteCount, 0), let oldest = order.oldest { release(oldest) }
  }

  /// Waits until all that was kept is on the disk.
  package func flush() { store?.flush() }

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

  // MARK: Memory

  private func use(_ path: [Int]) {
    for id in path.reversed() where blocks[id] != nil { order.use(id) }
    store?.mark(path.reversed().compactMap { files[$0]?.name })
  }

  private func add(_ ids: ArraySlice<Int32>, after place: Int) -> Int {
    let ends = tree.ends(before: ids, after: place)
    let id = tree.add(ids, after: place)
    for end in ends { forget(end) }
    return id
  }

  private func hold(_ block: SequenceBlock, _ id: Int) {
    blocks[id] = block
    byteCount += block.byteCount
  }

  /// Lets go of a block in memory.
  private func release(_ id: Int) {
    guard let file = files[id], file.write?.drop() ?? true else {
      forget(id)
      return
    }
    guard files.count <= Self.mostKnown else {
      forget(id, withFile: false)
      return
    }
    order.remove(id)
    if let block = blocks.removeValue(forKey: id) { byteCount -= block.byteCount }
  }

  /// Forgets a block and all that follow it, also on the disk unless a later run may find it there.
  private func forget(_ id: Int, withFile: Bool = true) {
    for removed in tree.remove(id) {
      order.remove(removed)
      if let block = blocks.removeValue(forKey: removed) { byteCount -= block.byteCount }
      guard let file = files.removeValue(forKey: removed) else { continue }
      guard withFile else { continue }
      _ = file.write?.drop()
      store?.remove(file.name)
    }
  }

  // MARK: Disk

  private func block(_ id: Int) -> SequenceBlock? {
    if let block = blocks[id] { return block }
    guard let name = files[id]?.name, let ids = tree[id]?.ids,
      let block = store?.read(name, ids: ids)
    else { return nil }
    hold(block, id)
    return block
  }

  /// Has the blocks of a prefix written that are not on the disk.
  private func write(_ path: [Int], to store: PrefixStore, owner: PrefixOwner, isEnd: Bool) {
    var names: [[UInt8]] = []
    for id in path {
      let known = files[id]?.name
      names.append(
        known ?? store.name(of: tree[id]?.ids ?? [], after: names.last, owner: owner)
      )
    }
    // The last first: of two blocks the one that follows is always the older file, and goes first.
    for index in path.indices.reversed() {
      let id = path[index]
      if let file = files[id], !(file.write?.isDropped ?? false) { continue }
      guard let ids = tree[id]?.ids, let block = blocks[id], isEnd || ids.count == blockExtent
      else { continue }
      let previous = index > 0 ? names[index - 1] : nil
      let write = store.write(block, ids: ids, after: previous, owner: owner)
      files[id] = File(name: names[index], write: write)
    }
  }

  /// Takes up the prefixes of a store; files that follow nothing are removed.
  private func takeUp(_ store: PrefixStore) {
    var records = store.records()
    let following = Dictionary(grouping: records.keys) { records[$0]?.previous ?? [] }
    var ends: [(name: [UInt8], node: Int, owner: PrefixOwner)] = []
    func takeUp(_ name: [UInt8], after place: (PrefixOwner) -> Int?) {
      guard let record = records[name], let place = place(record.owner) else { return }
      records[name] = nil
      let id = tree.add(record.ids[...], after: place)
      files[id] = File(name: name, write: nil)
      if record.ids.count == blockExtent { ends.append((name, id, record.owner)) }
    }
    for name in following[PrefixRecord.noName] ?? [] {
      takeUp(name) { tree.root(of: $0) }
    }
    while let (previous, node, owner) = ends.popLast() {
      for name in following[previous] ?? [] { takeUp(name) { $0 == owner ? node : nil } }
    }
    for name in records.keys { store.remove(name) }
  }
}
