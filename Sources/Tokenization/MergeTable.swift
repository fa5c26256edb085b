// SPDX-License-Identifier: Apache-2.0

/// What two neighboring tokens become, and how early; an open-addressing table of 16 bytes a slot.
struct MergeTable: Sendable {
  /// What a pair becomes.
  struct Merge: Sendable {
    /// The place in the list of merges: lower ranks merge first.
    var rank: UInt32
    /// The token that the pair becomes.
    var id: Int32

    static let none = Merge(rank: .max, id: -1)
  }

  private struct Slot {
    var left: Int32
    var right: Int32
    var merge: Merge
  }

  private var slots: [Slot]
  /// The highest rank and one.
  private(set) var rankCount: UInt32 = 0
  private let seed: UInt64

  init(capacity: Int) {
    self.seed = UInt64(bitPattern: Int64(Hasher().finalize())) | 1
    var slotCount = 16
    while slotCount < capacity * 2 { slotCount *= 2 }
    self.slots = [Slot](
      repeating: Slot(left: -1, right: -1, merge: .none),
      count: slotCount
    )
  }

  /// Adds a merge; the later of two for one pair wins, as in the published implementation.
  ///
  /// - Precondition: At most `capacity` pairs are added.
  mutating func insert(left: Int32, right: Int32, merge: Merge) {
    let slot = self.slot(left, right)
    rankCount = max(rankCount, merge.rank + 1)
    slots[slot] = Slot(left: left, right: right, merge: merge)
  }

  /// Returns what the pair becomes, `Merge.none` where it stays a pair.
  @inline(__always)
  func merge(_ left: Int32, _ right: Int32) -> Merge { slots[slot(left, right)].merge }

  @inline(__always)
  private func slot(_ left: Int32, _ right: Int32) -> Int {
    let mask = slots.count - 1
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    let product = (key ^ seed) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: product ^ product >> 29 ^ product >> 47) & mask
    while slots[slot].left != left || slots[slot].right != right {
      if slots[slot].left < 0 { break }
      slot = (slot + 1) & mask
    }
    return slot
  }
}
