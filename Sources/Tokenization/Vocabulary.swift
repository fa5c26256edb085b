// SPDX-License-Identifier: Apache-2.0

/// The pieces of a tokenizer and their ids, found both ways without a `String` or a `Dictionary`.
///
/// The pieces' bytes lie in one array; an open-addressing table finds a piece, a dense array an id.
struct Vocabulary: Sendable {
  /// LIMIT: no published vocabulary has more than about 260,000 ids.
  static let idLimit = 1 << 24

  private var bytes: [UInt8] = []
  /// Where each entry begins; one more than there are entries.
  private var starts: [UInt32] = [0]
  private var ids: [Int32] = []
  /// Entry + 1 by id, 0 where no piece has the id.
  private var entries: [UInt32] = []
  /// Entry + 1 in the low half, half of the piece's hash in the high one, so that a slot of another
  /// piece costs no look at its bytes; 0 for an empty slot.
  private var slots: [UInt64]
  /// A number of this process, so that nobody can prepare a file whose pieces all collide.
  private let seed: UInt64
  private let idLimit: Int
  /// How many entries, from the first, belong to the model and not to the added tokens beside it.
  private var modelCount: Int?

  /// Creates an empty vocabulary.
  ///
  /// - Parameter capacity: How many pieces the file has.
  init(capacity: Int) {
    // LIMIT: the array of ids stays in proportion to the file.
    self.idLimit = min(Self.idLimit, 65_536 + 16 * capacity)
    self.seed = UInt64(bitPattern: Int64(Hasher().finalize()))
    var slotCount = 16
    while slotCount < capacity * 2 { slotCount *= 2 }
    self.slots = [UInt64](repeating: 0, count: slotCount)
    self.bytes.reserveCapacity(capacity * 8)
    self.starts.reserveCapacity(capacity + 1)
    self.ids.reserveCapacity(capacity)
  }

  /// How many pieces there are.
  var count: Int { ids.count }

  /// The largest id and one.
  var idCount: Int { entries.count }

  /// Adds a piece.
  ///
  /// - Throws: Where the piece or the id is taken, or the id is outside its bounds.
  mutating func insert(_ piece: Span<UInt8>, id: Int) throws(TokenizationError) {
    guard id >= 0, id < idLimit else {
      throw TokenizationError(.idOutOfRange(id, limit: idLimit))
    }
    if (count + 1) * 2 > slots.count { grow() }
    let hash = self.hash(piece)
    let slot = self.slot(of: piece, hash)
    guard slots[slot] == 0 else {
      throw TokenizationError(.duplicatePiece(Self.text(piece)))
    }
    if id < entries.count, entries[id] != 0 {
      let first = String(decoding: self.piece(entry: Int(entries[id]) - 1), as: UTF8.self)
      throw TokenizationError(.duplicateID(id, first: first, second: Self.text(piece)))
    }
    for index in piece.indices { bytes.append(piece[index]) }
    starts.append(UInt32(bytes.count))
    ids.append(Int32(id))
    slots[slot] = (hash >> 32) << 32 | UInt64(count)
    if id >= entries.count {
      entries.append(contentsOf: repeatElement(0, count: id + 1 - entries.count))
    }
    entries[id] = UInt32(count)
  }

  /// Says that all entries to come are added tokens.
  mutating func endModel() { modelCount = count }

  /// Returns the id of a piece or an added token.
  func id(of piece: Span<UInt8>) -> Int32? {
    let entry = self.entry(of: piece)
    return entry == 0 ? nil : ids[entry - 1]
  }

  /// Returns the id of a piece of the model; nil where it has none, though an added token may be.
  func modelID(of piece: Span<UInt8>) -> Int32? {
    let entry = self.entry(of: piece)
    return entry == 0 || entry > modelCount ?? count ? nil : ids[entry - 1]
  }

  /// Returns the piece of an id; nil where the id has none.
  func piece(of id: Int32) -> ArraySlice<UInt8>? {
    guard id >= 0, Int(id) < entries.count, entries[Int(id)] != 0 else { return nil }
    return piece(entry: Int(entries[Int(id)]) - 1)
  }

  private func piece(entry: Int) -> ArraySlice<UInt8> {
    bytes[Int(starts[entry])..<Int(starts[entry + 1])]
  }

  /// Returns the entry of a piece and 1, 0 where there is none.
  private func entry(of piece: Span<UInt8>) -> Int {
    Int(slots[slot(of: piece, hash(piece))] & 0xFFFF_FFFF)
  }

  /// Returns the slot that holds the piece, or the empty one where it would go.
  private func slot(of piece: Span<UInt8>, _ hash: UInt64) -> Int {
    let mask = slots.count - 1
    let tag = hash >> 32
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let entry = Int(slots[slot] & 0xFFFF_FFFF) - 1
      if slots[slot] >> 32 == tag, entryEquals(entry, piece) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func entryEquals(_ entry: Int, _ piece: Span<UInt8>) -> Bool {
    let start = Int(starts[entry])
    guard Int(starts[entry + 1]) - start == piece.count else { return false }
    for index in piece.indices where bytes[start + index] != piece[index] { return false }
    return true
  }

  private mutating func grow() {
    slots = [UInt64](repeating: 0, count: slots.count * 2)
    for entry in 0..<count {
      let range = Int(starts[entry])..<Int(starts[entry + 1])
      let hash = self.hash(bytes.span.extracting(range))
      let slot = self.slot(of: bytes.span.extracting(range), hash)
      slots[slot] = (hash >> 32) << 32 | UInt64(entry + 1)
    }
  }

  private func hash(_ piece: Span<UInt8>) -> UInt64 { PieceHash.hash(piece, seed: seed) }

  private static func text(_ piece: Span<UInt8>) -> String {
    String(decoding: piece.indices.map { piece[$0] }, as: UTF8.self)
  }
}

/// The hash of the tables here; results never depend on it.
enum PieceHash {
  @inline(__always)
  static func hash(_ piece: Span<UInt8>, seed: UInt64) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: piece.count)
    for index in piece.indices { hash = (hash ^ UInt64(piece[index])) &* 0x9E37_79B9_7F4A_7C15 }
    return hash ^ hash >> 32
  }
}
