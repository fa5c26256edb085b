// SPDX-License-Identifier: Apache-2.0

/// The kept documents by the hashes of their bands; an open-addressing table whose entries of one
/// hash are chained, the last one first.
struct BandTable {
  private var hashes: [UInt64] = []
  private var documents: [Int32] = []
  /// The entry before with the same hash, -1 where there is none.
  private var previous: [Int32] = []
  /// The last entry + 1 of a hash, 0 for an empty slot.
  private var slots = [UInt32](repeating: 0, count: 1 << 10)

  /// The documents that have one of some bands, each once, in order.
  func documents(of bands: [UInt64]) -> [Int32] {
    var found: [Int32] = []
    for band in bands {
      var entry = Int(slots[slot(of: band)]) - 1
      while entry >= 0 {
        found.append(documents[entry])
        entry = Int(previous[entry])
      }
    }
    guard found.count > 1 else { return found }
    found.sort()
    var count = 1
    for document in found.dropFirst() where document != found[count - 1] {
      found[count] = document
      count += 1
    }
    return Array(found[..<count])
  }

  /// Adds the bands of a document.
  mutating func insert(_ document: Int32, _ bands: [UInt64]) {
    for band in bands {
      if (hashes.count + 1) * 2 > slots.count { grow() }
      let slot = self.slot(of: band)
      previous.append(Int32(bitPattern: slots[slot]) - 1)
      hashes.append(band)
      documents.append(document)
      slots[slot] = UInt32(hashes.count)
    }
  }

  private func slot(of hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0, hashes[Int(slots[slot]) - 1] != hash { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    // Later entries take the slot of their hash over, so that chains begin with the last one.
    for entry in hashes.indices {
      let slot = self.slot(of: hashes[entry])
      slots[slot] = UInt32(entry + 1)
    }
  }
}
