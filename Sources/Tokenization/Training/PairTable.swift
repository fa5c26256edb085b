// SPDX-License-Identifier: Apache-2.0

/// The pairs of neighboring tokens, how often each comes, and in which words.
struct PairTable {
  /// Left and right token by pair, left in the high half: in their order pairs of equal count merge.
  private(set) var keys: [UInt64] = []
  /// How often each pair comes now.
  var counts: [Int] = []
  /// The words that held the pair when it came up; it may have left some of them since.
  var words: [[Int32]] = []
  /// Pair + 1 by slot, 0 for an empty one.
  private var slots = [UInt32](repeating: 0, count: 1 << 16)

  static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// The two tokens of a pair.
  func tokens(_ pair: Int) -> (left: Int32, right: Int32) {
    (
      Int32(truncatingIfNeeded: keys[pair] >> 32),
      Int32(truncatingIfNeeded: keys[pair] & 0xFFFF_FFFF)
    )
  }

  /// The number of a pair, a new one where it is new.
  mutating func pair(_ left: Int32, _ right: Int32) -> Int {
    let key = Self.key(left, right)
    let slot = self.slot(key)
    if slots[slot] != 0 { return Int(slots[slot]) - 1 }
    keys.append(key)
    counts.append(0)
    words.append([])
    slots[slot] = UInt32(keys.count)
    let pair = keys.count - 1
    if keys.count * 2 > slots.count { grow() }
    return pair
  }

  private func slot(_ key: UInt64) -> Int {
    let mask = slots.count - 1
    let product = key &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: product ^ product >> 29 ^ product >> 47) & mask
    while slots[slot] != 0, keys[Int(slots[slot]) - 1] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (pair, key) in keys.enumerated() {
      let slot = self.slot(key)
      slots[slot] = UInt32(pair + 1)
    }
  }
}

/// Pairs by count, the most frequent first and of equal ones the lower key; a heap whose counts may
/// be out of date.
struct PairQueue {
  struct Entry {
    var count: Int
    var key: UInt64
    var pair: Int32

    func comesBefore(_ other: Entry) -> Bool {
      count != other.count ? count > other.count : key < other.key
    }
  }

  private var entries: [Entry] = []

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].comesBefore(entries[parent]) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popFirst() -> Entry? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    guard !entries.isEmpty else { return first }
    entries[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < entries.count else { return first }
      if child + 1 < entries.count, entries[child + 1].comesBefore(entries[child]) { child += 1 }
      guard entries[child].comesBefore(entries[parent]) else { return first }
      entries.swapAt(child, parent)
      parent = child
    }
  }
}
