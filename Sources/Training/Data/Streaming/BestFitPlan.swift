// SPDX-License-Identifier: Apache-2.0

/// Rows into which documents are put, the longest first, each where it leaves the least room.
struct BestFitPlan: RowPlan {
  /// The pieces of all rows, one row behind the other.
  private let pieces: [DocumentList.Piece]
  /// Where each row begins; one more than there are rows.
  private let starts: [Int]
  let leftOutCount: Int

  var rowCount: Int { starts.count - 1 }

  func pieces(_ row: Int) -> [DocumentList.Piece] { Array(pieces[starts[row]..<starts[row + 1]]) }

  init(_ documents: DocumentList, _ layout: RowLayout, _ random: TrainingRandom) {
    var rows: [[DocumentList.Piece]] = []
    var shorter: [DocumentList.Piece] = []
    var leftOut = 0
    // The order decides only which of equally long pieces meet: neighbors in a file seldom do.
    let order = KeyedPermutation(count: max(documents.count, 1), random, .packing, stream: 0)
    for place in 0..<documents.count {
      let document = order[place]
      let count = documents.tokenCount(document)
      var offset = 0
      // A part's last token is the next one's first, so every token but the first is a target once.
      while count - offset > layout.capacity {
        let length = min(count - offset, layout.tokenCount)
        guard layout.packing != .apart else {
          leftOut += count - layout.capacity
          break
        }
        rows.append([.init(document: Int32(document), offset: offset, count: length)])
        offset += layout.sequenceLength
      }
      let rest = min(count - offset, layout.capacity)
      if rest > 0 {
        shorter.append(.init(document: Int32(document), offset: offset, count: rest))
      }
    }
    rows += Self.packed(shorter, capacity: layout.capacity)
    var starts = [0]
    for row in rows { starts.append((starts.last ?? 0) + row.count) }
    pieces = rows.flatMap { $0 }
    self.starts = starts
    leftOutCount = leftOut
  }

  /// Best-fit decreasing (Johnson 1973).
  ///
  /// - Complexity: O(n) in pieces, times a constant that grows with the logarithm of the capacity.
  private static func packed(
    _ pieces: [DocumentList.Piece],
    capacity: Int
  ) -> [[DocumentList.Piece]] {
    var byCount = [[DocumentList.Piece]](repeating: [], count: capacity + 1)
    for piece in pieces { byCount[piece.count].append(piece) }
    var rows: [[DocumentList.Piece]] = []
    var rowsByRoom = [[Int]](repeating: [], count: capacity + 1)
    var rooms = NumberSet(bound: capacity + 1)
    for count in stride(from: capacity, to: 0, by: -1) {
      for piece in byCount[count] {
        var row = rows.count
        var room = capacity
        if let least = rooms.first(from: count), let open = rowsByRoom[least].popLast() {
          (row, room) = (open, least)
          if rowsByRoom[least].isEmpty { rooms.remove(least) }
        } else {
          rows.append([])
        }
        rows[row].append(piece)
        room -= count
        if room > 0 {
          rowsByRoom[room].append(row)
          rooms.insert(room)
        }
      }
    }
    return rows
  }
}

/// A set of small numbers that finds the next one: bits, bits that say which words have some, and so
/// on.
struct NumberSet {
  private var levels: [[UInt64]] = []

  /// Creates an empty set of numbers below a bound.
  init(bound: Int) {
    var count = bound
    repeat {
      count = (count + 63) / 64
      levels.append([UInt64](repeating: 0, count: count))
    } while count > 1
  }

  mutating func insert(_ number: Int) {
    var number = number
    for level in levels.indices {
      levels[level][number / 64] |= 1 << UInt64(number % 64)
      number /= 64
    }
  }

  mutating func remove(_ number: Int) {
    var number = number
    for level in levels.indices {
      levels[level][number / 64] &= ~(1 << UInt64(number % 64))
      guard levels[level][number / 64] == 0 else { return }
      number /= 64
    }
  }

  /// The least number that is not below another.
  func first(from number: Int) -> Int? {
    var number = number
    for level in levels.indices {
      guard number / 64 < levels[level].count else { return nil }
      let word = levels[level][number / 64] >> UInt64(number % 64)
      if word != 0 {
        var found = number + word.trailingZeroBitCount
        for lower in levels[..<level].reversed() {
          found = found * 64 + lower[found].trailingZeroBitCount
        }
        return found
      }
      number = number / 64 + 1
    }
    return nil
  }
}
