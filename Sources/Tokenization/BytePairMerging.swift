// SPDX-License-Identifier: Apache-2.0

/// Byte-pair merging of one piece: the lowest rank first, the leftmost of equal ranks first.
///
/// The buffers live on between pieces, so a piece allocates nothing.
struct BytePairMerging: Sendable {
  // Above this many tokens a heap beats looking at every pair before each merge. A pair's place
  // takes the low byte of its key, its rank the others.
  private static let heapThreshold = 128
  private static let noKey = UInt32.max

  /// The piece's tokens: filled by the caller, merged in place.
  var tokens: [Int32] = []
  /// Rank and place of each pair, by the place of its left token; `noKey` where it does not merge.
  private var keys: [UInt32] = []
  private var merged: [Int32] = []
  private var next: [UInt32] = []
  private var previous: [UInt32] = []
  private var heap = RankHeap()

  /// Merges `tokens` until no pair is in the table.
  mutating func merge(with table: MergeTable) {
    if tokens.count <= Self.heapThreshold, table.rankCount < 1 << 24 {
      mergeByScan(table)
    } else {
      mergeByHeap(table)
    }
  }

  private mutating func mergeByScan(_ table: MergeTable) {
    let count = tokens.count
    guard count > 1 else { return }
    link(count)
    keys.removeAll(keepingCapacity: true)
    merged.removeAll(keepingCapacity: true)
    for index in 1..<count {
      let merge = table.merge(tokens[index - 1], tokens[index])
      keys.append(Self.key(merge, at: index - 1))
      merged.append(merge.id)
    }
    while true {
      var best = Self.noKey
      for key in keys { best = min(best, key) }
      if best == Self.noKey { break }
      let left = Int(best & 0xFF)
      let right = Int(next[left])
      tokens[left] = merged[left]
      tokens[right] = -1
      let after = Int(next[right])
      next[left] = UInt32(after)
      if right < keys.count { keys[right] = Self.noKey }
      keys[left] = Self.noKey
      if after < count {
        previous[after] = UInt32(left)
        look(at: left, after, table)
      }
      if left > 0 { look(at: Int(previous[left]), left, table) }
    }
    tokens.removeAll { $0 < 0 }
  }

  private mutating func look(at left: Int, _ right: Int, _ table: MergeTable) {
    let merge = table.merge(tokens[left], tokens[right])
    keys[left] = Self.key(merge, at: left)
    merged[left] = merge.id
  }

  private static func key(_ merge: MergeTable.Merge, at place: Int) -> UInt32 {
    merge.rank == .max ? noKey : merge.rank << 8 | UInt32(place)
  }

  /// Links every token to its neighbors.
  private mutating func link(_ count: Int) {
    next.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    for index in 0..<UInt32(count) {
      next.append(index + 1)
      previous.append(index &- 1)
    }
  }

  /// Merges with a linked list and a heap: n log n for a word of n letters.
  private mutating func mergeByHeap(_ table: MergeTable) {
    let count = tokens.count
    link(count)
    heap.removeAll()
    for index in 1..<count {
      let rank = table.merge(tokens[index - 1], tokens[index]).rank
      if rank != .max { heap.push(rank: rank, position: UInt32(index - 1)) }
    }
    while let (rank, position) = heap.popFirst() {
      let left = Int(position)
      let right = Int(next[left])
      // A pair that has changed since it was pushed has another rank, or no partner any more.
      guard tokens[left] >= 0, right < count else { continue }
      let merge = table.merge(tokens[left], tokens[right])
      guard merge.rank == rank else { continue }
      tokens[left] = merge.id
      tokens[right] = -1
      let after = Int(next[right])
      next[left] = UInt32(after)
      if after < count {
        previous[after] = position
        pushPair(left, after, table)
      }
      if left > 0 { pushPair(Int(previous[left]), left, table) }
    }
    tokens.removeAll { $0 < 0 }
  }

  private mutating func pushPair(_ left: Int, _ right: Int, _ table: MergeTable) {
    let rank = table.merge(tokens[left], tokens[right]).rank
    if rank != .max { heap.push(rank: rank, position: UInt32(left)) }
  }
}

/// A binary heap of ranks and positions, smallest first.
private struct RankHeap {
  private var keys: [UInt64] = []

  mutating func removeAll() { keys.removeAll(keepingCapacity: true) }

  mutating func push(rank: UInt32, position: UInt32) {
    keys.append(UInt64(rank) << 32 | UInt64(position))
    var child = keys.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard keys[child] < keys[parent] else { return }
      keys.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popFirst() -> (rank: UInt32, position: UInt32)? {
    guard let first = keys.first, let last = keys.popLast() else { return nil }
    if !keys.isEmpty {
      keys[0] = last
      siftDown()
    }
    return (UInt32(first >> 32), UInt32(truncatingIfNeeded: first))
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < keys.count else { return }
      if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
      guard keys[child] < keys[parent] else { return }
      keys.swapAt(child, parent)
      parent = child
    }
  }
}
