// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing
package import Models

/// Blocks of prefixes in a folder, a file each.
///
/// A file is written aside, renamed, and never changed, so that it is whole or not there; one that is
/// torn all the same, damaged or foreign is removed when it is met. Nothing here fails: the folder only
/// saves work, and others may take its files at any time. One thread uses it; another writes.
package final class PrefixStore {
  private let folder: String
  private let key: [UInt8]
  private let layout: [Int]
  private let queue = PrefixQueue()
  private let disk: PrefixDisk
  private var writing: BackgroundWork<Bool>?

  /// Opens a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder, and the most bytes in it.
  ///   - key: The hash of all that a block's bytes depend on, beside owner and tokens.
  ///   - layout: The byte counts of a block's layers.
  package init(_ folder: PrefixFolder, key: [UInt8], layout: [Int]) {
    self.folder = "\(folder.path)/\(Hexadecimal.text(key))"
    self.key = key
    self.layout = layout
    disk = PrefixDisk(root: folder.path, folder: self.folder, byteCount: folder.byteCount)
  }

  /// Opens a folder for a model.
  convenience init(_ folder: PrefixFolder, _ decoder: Decoder, layout: [Int]) {
    self.init(folder, key: folder.key(decoder, layout: layout), layout: layout)
  }

  /// The records of all files that are whole as far as their sizes tell, by name; others are removed.
  ///
  /// It reads no block.
  package func records() -> [[UInt8]: PrefixRecord] {
    var records: [[UInt8]: PrefixRecord] = [:]
    for stamp in FileStamp.files(inFolder: folder) {
      if stamp.path.hasSuffix(PrefixDisk.suffix), let record = record(of: stamp.path),
        stamp.byteCount == byteCount(of: record), path(record.name) == stamp.path
      {
        records[record.name] = record
      } else if PrefixDisk.isForgotten(stamp) {
        FileStamp.remove(stamp.path)
      }
    }
    return records
  }

  /// The name of a block that follows another.
  package func name(
    of ids: some Sequence<Int32>,
    after previous: [UInt8]?,
    owner: PrefixOwner
  ) -> [UInt8] {
    PrefixRecord.name(
      key: key,
      owner: owner,
      previous: previous ?? PrefixRecord.noName,
      ids: ids
    )
  }

  /// Reads a block.
  ///
  /// - Returns: Nil where the file is gone, or is not what its name says.
  package func read(_ name: [UInt8], ids: [Int32]) -> SequenceBlock? {
    let path = path(name)
    guard let file = try? GrowingFile(reading: path), let record = record(in: file),
      record.name == name, record.ids == ids, file.byteCount == byteCount(of: record)
    else { return nil }
    var offset = recordByteCount(record.ids.count)
    var layers: [MemoryRegion] = []
    for (byteCount, checksum) in zip(layout, record.checksums) {
      guard let region = try? MemoryRegion(zeroed: byteCount),
        (try? file.fill(region, at: offset)) ?? false,
        Checksum64.of(region.bytes) == checksum
      else { return nil }
      layers.append(region)
      offset += byteCount
    }
    return SequenceBlock(layers: layers)
  }

  // MARK: What is done later

  /// Has a block written.
  package func write(
    _ block: SequenceBlock,
    ids: [Int32],
    after previous: [UInt8]?,
    owner: PrefixOwner
  ) -> PrefixWrite {
    let record = PrefixRecord(
      key: key,
      owner: owner,
      previous: previous ?? PrefixRecord.noName,
      ids: ids,
      checksums: []
    )
    let write = PrefixWrite(record, block)
    append([.write(write)])
    return write
  }

  /// Notes that blocks were used, the last one most recently.
  package func mark(_ names: [[UInt8]]) {
    guard !names.isEmpty else { return }
    append([.mark(names.map(path))])
  }

  /// Removes a block.
  package func remove(_ name: [UInt8]) { append([.remove(path(name))]) }

  /// Waits until all is done.
  package func flush() { _ = writing?.wait() }

  private func append(_ jobs: [PrefixQueue.Job]) {
    guard queue.append(jobs) else { return }
    // The thread before has found nothing to do and ends.
    writing = try? BackgroundWork { [queue, disk] in
      while let jobs = queue.next() { for job in jobs { disk.run(job) } }
      return true
    }
    if writing == nil { queue.clear() }
  }

  // MARK: Files

  private func path(_ name: [UInt8]) -> String {
    "\(folder)/\(Hexadecimal.text(name))\(PrefixDisk.suffix)"
  }

  private func recordByteCount(_ idCount: Int) -> Int {
    PrefixRecord.byteCount(idCount: idCount, layerCount: layout.count)
  }

  private func byteCount(of record: PrefixRecord) -> Int {
    recordByteCount(record.ids.count) + layout.reduce(0, +)
  }

  private func record(of path: String) -> PrefixRecord? {
    (try? GrowingFile(reading: path)).flatMap(record)
  }

  private func record(in file: GrowingFile) -> PrefixRecord? {
    let most = recordByteCount(SequenceCache.blockExtent)
    var bytes = [UInt8](repeating: 0, count: most)
    guard let count = try? file.read(into: &bytes, at: 0) else { return nil }
    let record = PrefixRecord(Array(bytes.prefix(count)))
    guard let record, record.key == key, record.checksums.count == layout.count,
      !record.ids.isEmpty, record.ids.count <= SequenceCache.blockExtent
    else { return nil }
    return record
  }
}
