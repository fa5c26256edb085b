// SPDX-License-Identifier: Apache-2.0

/// Byte-pair merging of one piece: the lowest rank first, the leftmost of equal ranks first.
///
/// The buffers live on between pieces, so a piece allocates nothing.
struct BytePairMerging: Sendable {
  /// Above this many tokens a heap beats looking at every pair before each merge.
  private static let heapThreshold = 64

  /// The piece's tokens: filled by the caller, merged in place.
  var tokens: [Int32] = []
  private var merges: [MergeTable.Merge] = []
  private var next: [UInt32] = []
  private var previous: [UInt32] = []
  private var heap = RankHeap()

  /// Merges `tokens` until no pair is in the table.
  mutating func merge(with table: MergeTable) {
    if tokens.count <= Self.heapThreshold {
      mergeByScan(table)
    } else {
      mergeByHeap(table)
    }
  }

  private mutating func mergeByScan(_ table: MergeTable) {
    guard tokens.count > 1 else { return }
    merges.removeAll(keepingCapacity: true)
    for index in 1..<tokens.count {
      merges.append(table.merge(tokens[index - 1], tokens[index]))
    }
    while true {
      var best = UInt32.max
      var place = -1
      for index in merges.indices where merges[index].rank < best {
        best = merges[index].rank
        place = index
      }
      guard place >= 0 else { return }
      tokens[place] = merges[place].id
      tokens.remove(at: place + 1)
      merges.remove(at: place)
      if place > 0 { merges[place - 1] = table.merge(tokens[place - 1], tokens[place]) }
      if place < merges.count { merges[place] = table.merge(tokens[place], tokens[place + 1]) }
    }
  }

  /// Merges with a linked list and a heap: n log n for a word of n letters.
  private mutating func mergeByHeap(_ table: MergeTable) {
    let count = tokens.count
    next = (1...UInt32(count)).map { $0 }
    previous = (0..<UInt32(count)).map { $0 &- 1 }
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
