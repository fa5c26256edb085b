// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing
import Models
import Synchronization

/// Writes, marks and removes files of prefixes, and keeps their folder within its bound.
///
/// The folder holds a folder for each model, so that the bound is one for all of them.
final class PrefixDisk: Sendable {
  static let suffix = ".prefix"
  private static let asideSuffix = ".partial"

  // LIMIT: what a process writes aside takes milliseconds; older ones were left by one that was killed.
  private static let asideNanoseconds = 60_000_000_000
  // LIMIT: all of a model's files are opened when an engine starts.
  private static let mostFiles = 1 << 14

  private struct State {
    /// What was written since the folder was looked at; at first nobody has looked.
    var unseenByteCount: Int
    var lastMark = 0
  }

  private let root: String
  private let folder: String
  private let byteCount: Int
  // Nobody waits for it: one thread writes at a time, and it alone uses it.
  private let state: Mutex<State>

  init(root: String, folder: String, byteCount: Int) {
    self.root = root
    self.folder = folder
    // No sum of bytes passes the largest number then.
    self.byteCount = min(max(byteCount, 0), .max / 4)
    state = Mutex(State(unseenByteCount: self.byteCount))
  }

  /// Whether a file that is no whole block may be removed: one of ours, which nobody is writing.
  static func isForgotten(_ stamp: FileStamp) -> Bool {
    stamp.path.hasSuffix(suffix)
      || stamp.path.hasSuffix(asideSuffix) && stamp.time < FileStamp.now - asideNanoseconds
  }

  func run(_ job: PrefixQueue.Job) {
    switch job {
    case .write(let write):
      guard let (record, block) = write.waiting else { return }
      write.end(isWritten: self.write(record, block))
    case .mark(let paths): for path in paths { FileStamp.mark(path, time: nextMark()) }
    case .remove(let path): FileStamp.remove(path)
    }
  }

  private func write(_ record: PrefixRecord, _ block: SequenceBlock) -> Bool {
    let record = PrefixRecord(
      key: record.key,
      owner: record.owner,
      previous: record.previous,
      ids: record.ids,
      checksums: block.layers.map { Checksum64.of($0.bytes) }
    )
    let head = record.encoded()
    let path = "\(folder)/\(Hexadecimal.text(record.name))\(Self.suffix)"
    let newByteCount = head.count + block.byteCount
    guard newByteCount <= byteCount else { return false }
    makeRoom(for: newByteCount)
    do throws(ComputeError) {
      try FolderCreation.ensure(folder, isPrivate: true)
      let file = try FileWriter(path: path, isPrivate: true)
      try file.write(head)
      for layer in block.layers { try file.write(layer) }
      // What a loss of power tears the checksums find.
      try file.commit(flushes: false)
    } catch { return false }
    FileStamp.mark(path, time: nextMark())
    return true
  }

  /// A time after all before it: the system's own clock of files is coarse.
  private func nextMark() -> Int {
    state.withLock { state in
      state.lastMark = max(FileStamp.now, state.lastMark + 1)
      return state.lastMark
    }
  }

  // MARK: The bound

  private func makeRoom(for newByteCount: Int) {
    state.withLock { state in
      // Others may have written as much since: the folder is looked at anew before that is too much.
      if state.unseenByteCount + newByteCount > slack { evict(&state, for: newByteCount) }
      state.unseenByteCount += newByteCount
    }
  }

  /// Removes the files that were not used for longest, where there are too many or too large.
  ///
  /// It makes more room than is wanted, so that files are not removed one by one.
  private func evict(_ state: inout State, for newByteCount: Int) {
    let files = allFiles().sorted { $0.time < $1.time }
    var (bytes, count) = (files.reduce(0) { $0 + $1.byteCount }, files.count)
    state.unseenByteCount = 0
    let room = byteCount - newByteCount - slack
    guard bytes > room || count > Self.mostFiles else { return }
    let least = Self.mostFiles - Self.mostFiles / 16
    for file in files where bytes > room - slack || count > least {
      FileStamp.remove(file.path)
      bytes -= file.byteCount
      count -= 1
    }
  }

  private var slack: Int { byteCount / 16 }

  /// The files of all models.
  private func allFiles() -> [FileStamp] {
    let folders = (try? FileKind.names(inFolder: root)) ?? []
    return folders.filter { $0.utf8.count == 64 }.flatMap { name in
      FileStamp.files(inFolder: "\(root)/\(name)").filter {
        $0.path.hasSuffix(Self.suffix) || Self.isForgotten($0)
      }
    }
  }
}
