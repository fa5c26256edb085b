// SPDX-License-Identifier: Apache-2.0

/// Which pieces of documents stand in which row; a function of the documents, the layout and the
/// seed.
protocol RowPlan: Sendable {
  /// How many rows there are.
  var rowCount: Int { get }
  /// How many tokens were left out because their sample is longer than a row.
  var leftOutCount: Int { get }
  /// The pieces of a row in order.
  func pieces(_ row: Int) -> [DocumentList.Piece]
}

/// Rows that are cut from all documents, one behind the other in a shuffled order.
struct ContinuousPlan: RowPlan {
  private let order: [Int32]
  /// Where each document begins; one more than there are documents.
  private let starts: [Int]
  private let layout: RowLayout
  let rowCount: Int
  let leftOutCount = 0

  init(_ documents: DocumentList, _ layout: RowLayout, _ random: TrainingRandom) {
    let permutation = KeyedPermutation(count: max(documents.count, 1), random, .packing, stream: 0)
    order = (0..<documents.count).map { Int32(permutation[$0]) }
    var starts = [0]
    starts.reserveCapacity(order.count + 1)
    for document in order {
      starts.append((starts.last ?? 0) + documents.tokenCount(Int(document)))
    }
    self.starts = starts
    self.layout = layout
    // A row's last token is the next one's first: every token but the first of all is a target once.
    let targetCount = max(0, (starts.last ?? 0) - 1)
    rowCount = (targetCount + layout.sequenceLength - 1) / layout.sequenceLength
  }

  func pieces(_ row: Int) -> [DocumentList.Piece] {
    var position = row * layout.sequenceLength
    let end = min(position + layout.tokenCount, starts.last ?? 0)
    var place = DocumentList.last(starts, notAbove: position)
    var pieces: [DocumentList.Piece] = []
    while position < end {
      let count = min(starts[place + 1], end) - position
      if count > 0 {
        pieces.append(
          .init(document: order[place], offset: position - starts[place], count: count)
        )
      }
      position += count
      place += 1
    }
    return pieces
  }
}
