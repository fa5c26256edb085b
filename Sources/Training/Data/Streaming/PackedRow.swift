// SPDX-License-Identifier: Apache-2.0

/// A row of a batch.
public struct PackedRow: Sendable, Hashable {
  /// A document's part of the row.
  public struct Piece: Sendable, Hashable {
    /// Its tokens in the row.
    public var range: Range<Int>
    /// Which document of the row's source it belongs to.
    public var document: Int
    /// Where the part begins, counted from the document's first token; 0 for its beginning.
    public var offset: Int
  }

  /// The ids, `RowLayout.tokenCount` of them: position i sees those up to i and predicts i + 1.
  public var ids: [Int32]
  /// Of each token, whether the model is taught to say it.
  ///
  /// Never the first of a part: what stands before it is of another document. Never padding.
  public var lossMask: [Bool]
  /// The parts in order; what is behind the last one is padding.
  public var pieces: [Piece]
  /// Which of the stream's sources the row is from.
  public var source: Int

  /// Where documents, or parts of them, begin in the row, padding too where there is some.
  public var documentStarts: [Int] {
    var starts = pieces.map(\.range.lowerBound)
    let end = pieces.last?.range.upperBound ?? 0
    if end < ids.count { starts.append(end) }
    return starts
  }
}

/// The rows of one optimizer step.
public struct Batch: Sendable, Hashable {
  /// The rows in order.
  public var rows: [PackedRow]
  /// How the rows are laid out.
  public var layout: RowLayout

  /// How many next tokens the model is taught to say: what the loss is divided by.
  public var targetCount: Int {
    rows.reduce(0) { total, row in
      total + row.lossMask[1...layout.sequenceLength].lazy.filter { $0 }.count
    }
  }

  /// How many positions the rows have.
  public var positionCount: Int { rows.count * layout.sequenceLength }
}
