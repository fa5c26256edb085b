// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TestSupport
import Testing
import Training

/// Rows are a function of their place alone, and every document comes once an epoch.
@Suite struct DataStreamTests {
  private static let layouts: [RowLayout] = RowLayout.Packing.allCases.flatMap { packing in
    [
      RowLayout(sequenceLength: 64, packing: packing),
      RowLayout(sequenceLength: 33, predictionDepth: 2, packing: packing),
    ]
  }

  /// Shards of texts of many lengths, some longer than any row here.
  private func makeShards(
    _ folder: borrowing TextFolder,
    _ name: String,
    count: Int,
    first: Int = 0
  ) throws -> ShardFolder {
    let lines = (first..<first + count).map { number in
      let words = TextFolder.text(number, wordCount: 2 + number * 37 % 90)
      return #"{"text":"\#(words)"}"#
    }
    let path = try folder.write("\(name).jsonl", lines.joined(separator: "\n"))
    let tokenizer = folder.path + "/tokenizer"
    if !SystemFolder.exists(tokenizer) { _ = try folder.makeTokenizer() }
    try folder.makeShards([path], tokenizer: tokenizer, out: name) { $0.tokensPerShard = 2000 }
    return try folder.shards(name)
  }

  // Method: rows asked for in order, backwards, one by one and by another stream of the same seed
  // must be the same values.
  @Test(arguments: layouts)
  func `rows do not depend on what was asked before`(layout: RowLayout) throws {
    let folder = try TextFolder()
    let shards = try makeShards(folder, "a", count: 80)
    func stream(_ seed: UInt64) throws -> DataStream {
      try DataStream([.init(shards)], layout: layout, seed: seed)
    }
    let first = try stream(7)
    let count = 2 * first.rowCount + 3
    let rows = first.rows(from: 0, count: count)
    let backwards = (0..<count).reversed().map { first.rows(from: $0, count: 1)[0] }
    #expect(Array(backwards.reversed()) == rows)
    #expect(try stream(7).batch(from: 5, count: count - 5).rows == Array(rows[5...]))
    #expect(first.batch(step: 3, rowCount: 4).rows == Array(rows[12..<16]))
    #expect(try stream(8).rows(from: 0, count: count) != rows)
    #expect(rows.allSatisfy { $0.ids.count == layout.tokenCount })
    #expect(rows.allSatisfy { $0.lossMask.count == layout.tokenCount })
  }

  // Method: the tokens of each document are laid out from the shards themselves; what rows teach
  // must be each token but the first of a document once an epoch, and hold the right id. A sample
  // that is kept apart loses what is longer than a row.
  @Test(arguments: layouts)
  func `every token is taught once an epoch, each epoch in another order`(layout: RowLayout) throws
  {
    let folder = try TextFolder()
    let shards = try makeShards(folder, "a", count: 80)
    let documents = shards.files(.train).flatMap { file in
      (0..<file.documentCount).map { file.ids(file.document($0).tokens) }
    }
    let stream = try DataStream([.init(shards)], layout: layout, seed: 3)
    var orders: [[PackedRow]] = []
    for epoch in 0..<3 {
      let rows = stream.rows(from: epoch * stream.rowCount, count: stream.rowCount)
      var taught = documents.map { [Int](repeating: 0, count: $0.count) }
      for row in rows {
        for piece in row.pieces {
          let ids = Array(row.ids[piece.range])
          let range = piece.offset..<piece.offset + ids.count
          #expect(ids == Array(documents[piece.document][range]))
          for (position, place) in zip(piece.range, range)
          where row.lossMask[position] && (1...layout.sequenceLength).contains(position) {
            taught[piece.document][place] += 1
          }
        }
        let end = row.pieces.last?.range.upperBound ?? 0
        #expect(row.lossMask[end...].allSatisfy { !$0 })
        #expect(row.documentStarts.first == 0)
      }
      var leftOut = 0
      for counts in taught {
        let cut = layout.packing == .apart ? max(0, counts.count - layout.sequenceLength - 1) : 0
        leftOut += cut
        // Where a continuous row ends, the next one begins with the same token, taught already.
        #expect(counts.dropFirst().dropLast(cut).allSatisfy { $0 == 1 }, "\(counts)")
        #expect(counts.suffix(cut).allSatisfy { $0 == 0 })
        #expect(counts[0] == 0)
      }
      #expect(stream.leftOutCount == leftOut)
      orders.append(rows)
    }
    #expect(orders[0] != orders[1] && orders[1] != orders[2])
    #expect(Set(orders[0]) == Set(orders[1]) && Set(orders[1]) == Set(orders[2]))
  }

  @Test func `best fit cuts only what is longer than a row and leaves little room`() throws {
    let folder = try TextFolder()
    let shards = try makeShards(folder, "a", count: 400)
    let layout = RowLayout(sequenceLength: 400, packing: .bestFit)
    let stream = try DataStream([.init(shards)], layout: layout, seed: 1)
    let rows = stream.rows(from: 0, count: stream.rowCount)
    let cut = rows.flatMap(\.pieces).filter { $0.offset > 0 }
    #expect(cut.isEmpty)
    let used = rows.flatMap(\.pieces).reduce(0) { $0 + $1.range.count }
    #expect(Double(used) / Double(rows.count * 401) > 0.97)
    #expect(!layout.restartsAttention)
    #expect(RowLayout(sequenceLength: 4, packing: .apart).restartsAttention)
  }

  @Test func `sources come as often as their weights say, each in whole epochs`() throws {
    let folder = try TextFolder()
    let shards = try ["a", "b", "c"].enumerated().map { index, name in
      try makeShards(folder, name, count: 20 + 10 * index, first: 1000 * index)
    }
    let weights = [0.5, 0.3, 0.2]
    let stream = try DataStream(
      zip(shards, weights).map { .init($0, weight: $1) },
      layout: RowLayout(sequenceLength: 32),
      seed: 11
    )
    let rows = stream.rows(from: 0, count: 3 * 4096)
    for (source, weight) in weights.enumerated() {
      let share = Double(rows.lazy.filter { $0.source == source }.count) / Double(rows.count)
      #expect(abs(share - weight) < 0.0003)
      // Any stretch of some hundred rows holds them too: five standard deviations.
      let some = Double(rows[5000..<5500].lazy.filter { $0.source == source }.count) / 500
      #expect(abs(some - weight) < 5 * (weight * (1 - weight) / 500).squareRoot())
      let own = rows.filter { $0.source == source }.flatMap(\.pieces)
      let counts = Dictionary(grouping: own) { [$0.document, $0.offset] }.values.map(\.count)
      // The rows are whole blocks, so the source's own go on without a gap.
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
    #expect(Set(rows[..<64].map(\.source)).count == 3)
    for weights in [[1.0, 0], [1, -1], [1, .infinity], [1, 1e-9]] {
      #expect(throws: DataError.self, "\(weights)") {
        _ = try DataStream(
          zip(shards, weights).map { .init($0, weight: $1) },
          layout: RowLayout(sequenceLength: 32),
          seed: 0
        )
      }
    }
  }

  @Test func `folders without weights are one source`() throws {
    let folder = try TextFolder()
    let first = try makeShards(folder, "a", count: 30)
    let second = try makeShards(folder, "b", count: 10, first: 500)
    let stream = try DataStream(
      [.init(first), .init(second)],
      layout: RowLayout(sequenceLength: 50),
      seed: 2
    )
    let rows = stream.rows(from: 0, count: stream.rowCount)
    #expect(Set(rows.flatMap(\.pieces).map(\.document)) == Set(0..<40))
    let named = rows.flatMap { stream.documents(of: $0) }
    #expect(Set(named.map(\.path)) == [folder.path + "/a.jsonl", folder.path + "/b.jsonl"])
    #expect(Set(named.map { "\($0.path) \($0.line)" }).count == 40)
    let document = second.files(.train)[0].document(0)
    #expect(named.contains { $0.digest == document.digest.hexadecimal && $0.line == 1 })
  }

  @Test func `data that do not fill a batch are refused with what they have`() throws {
    let folder = try TextFolder()
    let shards = try makeShards(folder, "a", count: 12)
    let layout = RowLayout(sequenceLength: 64)
    let rowCount = try DataStream([.init(shards)], layout: layout, seed: 0).rowCount
    let tokens = shards.index.tokenCount(.train)
    let error = DataError(
      .tooFewRows(
        tokenCount: tokens,
        rowCount: rowCount,
        neededRows: rowCount + 1,
        neededTokens: (rowCount + 1) * 64
      ),
      place: "\(shards.path), train"
    )
    #expect(error.exitCode == .badData && error.what.contains("\(tokens) tokens"))
    #expect(throws: error) {
      _ = try DataStream([.init(shards)], layout: layout, seed: 0, batchRowCount: rowCount + 1)
    }
    #expect(throws: DataError.self) {
      _ = try DataStream([.init(shards)], split: .validation, layout: layout, seed: 0)
    }
  }
}
