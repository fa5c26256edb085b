// SPDX-License-Identifier: Apache-2.0

/// The rows of some shards, each once an epoch, every epoch in another order.
struct RowSource: Sendable {
  private let documents: DocumentList
  private let plan: any RowPlan
  private let layout: RowLayout
  private let random: TrainingRandom
  private let number: Int
  private let paddingID: Int32

  var rowCount: Int { plan.rowCount }
  var tokenCount: Int { documents.tokenCount }
  var leftOutCount: Int { plan.leftOutCount }

  init(
    _ files: [ShardFile],
    _ layout: RowLayout,
    _ random: TrainingRandom,
    number: Int,
    paddingID: Int32
  ) {
    documents = DocumentList(files)
    self.layout = layout
    self.random = random
    self.number = number
    self.paddingID = paddingID
    plan =
      layout.packing == .continuous
      ? ContinuousPlan(documents, layout, random) : BestFitPlan(documents, layout, random)
  }

  /// Makes a row.
  ///
  /// - Parameter place: The row's place among all that the source ever gives.
  /// - Returns: The row.
  func row(_ place: Int) -> PackedRow {
    let epoch = place / plan.rowCount
    let permutation = KeyedPermutation(
      count: plan.rowCount,
      random,
      stream: UInt64(number) << 32 | UInt64(epoch)
    )
    var row = PackedRow(ids: [], lossMask: [], pieces: [], source: number)
    row.ids.reserveCapacity(layout.tokenCount)
    row.lossMask.reserveCapacity(layout.tokenCount)
    for piece in plan.pieces(permutation[place % plan.rowCount]) {
      let start = row.ids.count
      row.ids += documents.ids(piece)
      row.lossMask += documents.lossMask(piece)
      row.lossMask[start] = false
      row.pieces.append(
        .init(
          range: start..<row.ids.count,
          document: Int(piece.document),
          offset: piece.offset
        )
      )
    }
    let missing = layout.tokenCount - row.ids.count
    row.ids.append(contentsOf: repeatElement(paddingID, count: missing))
    row.lossMask.append(contentsOf: repeatElement(false, count: missing))
    return row
  }

  func shardDocument(_ document: Int) -> ShardDocument { documents.shardDocument(document) }

  func place(_ document: Int) -> (file: Int, index: Int) { documents.place(document) }
}
