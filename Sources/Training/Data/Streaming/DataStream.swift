// SPDX-License-Identifier: Apache-2.0

/// The rows of a run, whose order has no state: a row is a function of the data, the layout, the
/// seed and its place alone.
///
/// The batch of a step is a stretch of rows, so a batch may grow in the course of a run: whoever
/// counts the steps says with which row each begins.
public struct DataStream: Sendable {
  /// Some shards and how often they come.
  public struct Source: Sendable {
    /// The shards.
    public var folder: ShardFolder
    /// How often its rows come, relative to others.
    ///
    /// Nil where folders count as one, in which each document comes once an epoch. All sources have
    /// a weight, or none.
    public var weight: Double?

    /// Creates a source.
    public init(_ folder: ShardFolder, weight: Double? = nil) {
      self.folder = folder
      self.weight = weight
    }
  }

  /// A document that a row holds, for people.
  public struct RowDocument: Sendable, Hashable {
    /// Its file's path, as it was named when shards were made.
    public var path: String
    /// The 1-based line on which it begins.
    public var line: Int
    /// The byte at which it begins.
    public var offset: Int
    /// Its hash in hexadecimal.
    public var digest: String
    /// Its tokens in the row.
    public var range: Range<Int>
  }

  /// How rows are laid out.
  public let layout: RowLayout
  /// What part of the data this is.
  public let split: DataSplit
  private let sources: [RowSource]
  /// The folder of each file of each source.
  private let folders: [[ShardFolder]]
  private let mixture: SourceMixture

  /// Opens a stream.
  ///
  /// - Parameters:
  ///   - sources: The shards; at least one.
  ///   - split: What part of them.
  ///   - layout: How rows are laid out.
  ///   - seed: The key of all orders.
  ///   - batchRowCount: How many rows the largest batch has: the data must fill one.
  /// - Throws: `DataError` where the data do not fill a batch, or a weight cannot be used.
  public init(
    _ sources: [Source],
    split: DataSplit = .train,
    layout: RowLayout,
    seed: UInt64,
    batchRowCount: Int = 1
  ) throws(DataError) {
    guard layout.sequenceLength >= 1, layout.predictionDepth >= 0 else {
      let found = "\(layout.sequenceLength) and \(layout.predictionDepth)"
      throw DataError(
        .outOfBounds(option: "row length and depth", found: found, expected: "1 and 0 or more")
      )
    }
    let random = TrainingRandom(seed: seed)
    let isMixed = sources.contains { $0.weight != nil }
    let groups = isMixed ? sources.map { [$0] } : [sources]
    self.layout = layout
    self.split = split
    self.sources = groups.enumerated().map { number, group in
      RowSource(
        group.flatMap { $0.folder.files(split) },
        layout,
        random,
        number: number,
        paddingID: Int32(clamping: group.first?.folder.index.paddingID ?? 0)
      )
    }
    folders = groups.map { group in
      group.flatMap { source in source.folder.files(split).map { _ in source.folder } }
    }
    mixture = try SourceMixture(
      weights: isMixed ? sources.map { $0.weight ?? 1 } : [1],
      random
    )
    let rows = self.sources.reduce(0) { $0 + $1.rowCount }
    let isEmpty = self.sources.contains { $0.rowCount == 0 }
    guard rows >= max(batchRowCount, 1), !isEmpty else {
      throw DataError(
        .tooFewRows(
          tokenCount: self.sources.reduce(0) { $0 + $1.tokenCount },
          rowCount: rows,
          neededRows: max(batchRowCount, 1),
          neededTokens: max(batchRowCount, 1) * layout.sequenceLength
        ),
        place: sources.map(\.folder.path).joined(separator: " ") + ", \(split.rawValue)"
      )
    }
  }

  /// How many rows the data fill; without weights these are the rows of an epoch.
  public var rowCount: Int { sources.reduce(0) { $0 + $1.rowCount } }

  /// How many tokens the data have.
  public var tokenCount: Int { sources.reduce(0) { $0 + $1.tokenCount } }

  /// How many tokens never come, because their sample is longer than a row.
  public var leftOutCount: Int { sources.reduce(0) { $0 + $1.leftOutCount } }

  /// Makes rows.
  ///
  /// - Parameters:
  ///   - first: The first one's place in the run, 0 or above.
  ///   - count: How many.
  /// - Returns: The rows; the same ones whenever they are asked for.
  public func rows(from first: Int, count: Int) -> [PackedRow] {
    (first..<first + count).map { place in
      let (source, sourcePlace) = mixture[place]
      return sources[source].row(sourcePlace)
    }
  }

  /// Makes the batch that begins with a row.
  ///
  /// - Parameters:
  ///   - first: The first row's place in the run: how many rows all steps before took.
  ///   - count: How many rows.
  /// - Returns: The batch.
  public func batch(from first: Int, count: Int) -> Batch {
    Batch(rows: rows(from: first, count: count), layout: layout)
  }

  /// Makes the batch of a step of a run whose batches are all of one size.
  public func batch(step: Int, rowCount: Int) -> Batch {
    batch(from: step * rowCount, count: rowCount)
  }

  /// The documents of a row, for a message about it.
  public func documents(of row: PackedRow) -> [RowDocument] {
    row.pieces.map { piece in
      let source = sources[row.source]
      let document = source.shardDocument(piece.document)
      let file = source.place(piece.document).file
      let index = folders[row.source][file].index
      let isListed = document.source < index.sources.count
      return RowDocument(
        path: isListed ? index.sources[document.source].path : "source \(document.source)",
        line: document.line,
        offset: document.offset,
        digest: document.digest.hexadecimal,
        range: piece.range
      )
    }
  }
}
