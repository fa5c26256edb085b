// SPDX-License-Identifier: Apache-2.0

/// All documents of a source of rows, in a shuffled order.
struct DocumentList: Sendable {
  /// A stretch of a document's tokens.
  struct Piece: Sendable, Hashable {
    var document: Int32
    /// Where it begins, counted from the document's first token.
    var offset: Int
    var count: Int
  }

  private let files: [ShardFile]
  /// How many documents the files before each have; one more than there are files.
  private let firstDocuments: [Int]
  /// How many documents there are.
  var count: Int { firstDocuments.last ?? 0 }

  init(_ files: [ShardFile]) {
    self.files = files
    var first = [0]
    for file in files { first.append((first.last ?? 0) + file.documentCount) }
    firstDocuments = first
  }

  /// How many tokens there are.
  var tokenCount: Int { files.reduce(0) { $0 + $1.tokenCount } }

  /// How many tokens a document has.
  func tokenCount(_ document: Int) -> Int {
    let (file, index) = place(document)
    return files[file].tokenStarts[index + 1] - files[file].tokenStarts[index]
  }

  /// The file of a document, and the document's number there.
  func place(_ document: Int) -> (file: Int, index: Int) {
    let file = Self.last(firstDocuments, notAbove: document)
    return (file, document - firstDocuments[file])
  }

  /// The last place of an ascending list whose value is not above a number; equal ones count, so an
  /// empty stretch is passed over.
  static func last(_ values: [Int], notAbove number: Int) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] <= number { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  func shardDocument(_ document: Int) -> ShardDocument {
    let (file, index) = place(document)
    return files[file].document(index)
  }

  func ids(_ piece: Piece) -> [Int32] {
    let (file, range) = tokens(piece)
    return file.ids(range)
  }

  func lossMask(_ piece: Piece) -> [Bool] {
    let (file, range) = tokens(piece)
    return file.lossMask(range)
  }

  private func tokens(_ piece: Piece) -> (ShardFile, Range<Int>) {
    let (file, index) = place(Int(piece.document))
    let start = files[file].tokenStarts[index] + piece.offset
    return (files[file], start..<start + piece.count)
  }
}
