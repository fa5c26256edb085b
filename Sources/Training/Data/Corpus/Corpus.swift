// SPDX-License-Identifier: Apache-2.0

public import Compute
import Synchronization

/// The files of a training's texts, in the order in which they were named.
public struct Corpus: Sendable {
  /// The files.
  public let sources: [CorpusSource]
  /// What is a document where a file is plain text.
  public let unit: DocumentUnit

  /// Opens files and folders.
  ///
  /// - Parameters:
  ///   - paths: Files, and folders whose `.txt` and `.jsonl` files are taken, also those in folders
  ///     below, in the order of their names.
  ///   - unit: What is a document where a file is plain text.
  ///   - pool: The threads that read.
  /// - Throws: `DataError` where a file cannot be read or is no text, or no document is found.
  public init(paths: [String], unit: DocumentUnit, pool: ThreadPool) throws(DataError) {
    var files: [String] = []
    for path in paths { try Self.append(path, isNamed: true, to: &files) }
    let names = files
    let results = Mutex([Result<CorpusSource, DataError>?](repeating: nil, count: names.count))
    pool.run(chunkCount: names.count) { index, _ in
      let result = Result { () throws(DataError) in
        try CorpusSource(path: names[index], unit: unit)
      }
      results.withLock { $0[index] = result }
    }
    var sources: [CorpusSource] = []
    for result in results.withLock({ $0 }) {
      if let result { sources.append(try result.get()) }
    }
    self.sources = sources
    self.unit = unit
    guard documentCount > 0 else {
      throw DataError(.noDocuments, place: paths.joined(separator: " "))
    }
  }

  private static func append(
    _ path: String,
    isNamed: Bool,
    to files: inout [String]
  ) throws(DataError) {
    do {
      guard try FileKind.of(path) == .folder else {
        // Of a folder only what says that it is text; what is named is meant.
        if isNamed || path.hasSuffix(".txt") || path.hasSuffix(".jsonl") { files.append(path) }
        return
      }
      let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
      for name in try FileKind.names(inFolder: path) where !name.hasPrefix(".") {
        try append("\(folder)/\(name)", isNamed: false, to: &files)
      }
    } catch let error as ComputeError {
      throw DataError(error)
    } catch let error as DataError {
      throw error
    } catch {
      throw DataError(.noDocuments, place: path)
    }
  }

  /// How many bytes the files have.
  public var byteCount: Int { sources.reduce(0) { $0 + $1.byteCount } }

  /// How many documents the files have.
  public var documentCount: Int { sources.reduce(0) { $0 + $1.documentCount } }

  /// Which documents there are, in order: source and document.
  var references: [DocumentReference] {
    sources.indices.flatMap { source in
      sources[source].extents.indices.map { DocumentReference(source: source, index: $0) }
    }
  }

  func document(_ reference: DocumentReference) throws(DataError) -> Document {
    try sources[reference.source].document(reference.index)
  }

  func extent(_ reference: DocumentReference) -> CorpusSource.Extent {
    sources[reference.source].extents[reference.index]
  }
}

/// A document of a corpus.
struct DocumentReference: Sendable, Hashable {
  var source: Int
  var index: Int
}
