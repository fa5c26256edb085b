// SPDX-License-Identifier: Apache-2.0

import Checkpoints
public import Compute
public import JSON
import Models
import Synchronization

/// The checkpoints of one run: `checkpoints/step-00000100` and so on, each whole or not there.
public struct CheckpointStore: Sendable {
  /// The folder that holds them.
  public let folder: String
  /// How many of the newest are kept, and the best beside them.
  public let keptCount: Int
  /// The files of a model beside its weights, by name: configuration, tokenizer, template.
  public let modelFiles: [String: [UInt8]]
  private let pool: ThreadPool?
  private let crash: @Sendable (CrashPoint) -> Void

  /// Creates a store.
  ///
  /// - Parameters:
  ///   - folder: Where checkpoints go; it is created with the first.
  ///   - keptCount: How many of the newest are kept, 1 or more.
  ///   - modelFiles: What stands beside the weights.
  ///   - pool: The threads that hash; nil for this one alone.
  ///   - crash: Is told of each place at which a test may kill the process.
  public init(
    folder: String,
    keptCount: Int,
    modelFiles: [String: [UInt8]],
    pool: ThreadPool? = nil,
    crash: @escaping @Sendable (CrashPoint) -> Void = { _ in }
  ) {
    self.folder = folder
    self.keptCount = max(keptCount, 1)
    self.modelFiles = modelFiles
    self.pool = pool
    self.crash = crash
  }

  /// The path of a step's checkpoint.
  public func path(step: Int) -> String {
    let digits = String(step)
    return "\(folder)/step-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  /// The steps of the checkpoints that are there, ascending.
  ///
  /// - Throws: `ComputeError` where the folder cannot be read.
  public func steps() throws(ComputeError) -> [Int] {
    guard try FileKind.of(folder) == .folder else { return [] }
    return try FileKind.names(inFolder: folder).compactMap { name in
      name.hasPrefix("step-") ? Int(name.dropFirst(5)) : nil
    }.sorted()
  }

  /// Opens the newest checkpoint.
  ///
  /// - Returns: Nil where there is none.
  /// - Throws: `TrainingError` where it is not as it was written; the error names the one before it.
  public func newest() throws -> RunCheckpoint? {
    let steps = try steps()
    guard let last = steps.last else { return nil }
    do {
      return try RunCheckpoint(path: path(step: last), pool: pool)
    } catch {
      let older = steps.dropLast().last { (try? RunCheckpoint(path: path(step: $0))) != nil }
      throw TrainingError(error.reason, place: error.place, lastGood: older.map { path(step: $0) })
    }
  }

  /// Writes a checkpoint aside, puts it in place, and removes those that are not kept.
  ///
  /// - Parameters:
  ///   - trainer: The run.
  ///   - recipeDigest: What decided its bits.
  ///   - record: Times, rates, the ledger's head: what is not compared.
  ///   - best: The step whose checkpoint is kept beside the newest, if any.
  /// - Returns: The checkpoint's path.
  /// - Throws: `CheckpointError` or `ComputeError` where it cannot be written; what was there stays.
  @discardableResult
  public func write(
    _ trainer: Trainer,
    recipeDigest: String,
    record: JSONText,
    best: Int? = nil
  ) throws -> String {
    let path = path(step: trainer.cursor.step)
    try FolderCreation.ensure(folder)
    crash(.begin)
    let writer = try FolderWriter(path: path)
    try writer.makeFolder("state")
    for (name, bytes) in modelFiles { try write(bytes, to: "\(writer.asidePath)/\(name)") }
    try writeTensors(of: trainer, below: writer.asidePath)
    let cursor = StoredCursor(trainer.cursor, recipeDigest: recipeDigest)
    try write(cursor.json.bytes, to: "\(writer.asidePath)/\(RunCheckpoint.cursorFile)")
    let files =
      Array(modelFiles.keys)
      + [RunCheckpoint.weightsFile, RunCheckpoint.cursorFile]
      + trainer.state.map { RunCheckpoint.stateFile($0.name) }
    let digest = try CheckpointDigest(of: files, below: writer.asidePath, pool: pool)
    try write(digest.json.bytes, to: "\(writer.asidePath)/\(RunCheckpoint.digestFile)")
    try write(record.bytes, to: "\(writer.asidePath)/\(RunCheckpoint.recordFile)")
    crash(.beforeRename)
    try writer.commit()
    crash(.afterRename)
    try prune(best: best)
    return path
  }

  private func write(_ bytes: [UInt8], to path: String) throws(ComputeError) {
    let writer = try FileWriter(path: path)
    try writer.write(bytes)
    try writer.commit()
  }

  /// Writes weights and state, two files at a time: the system takes one file's bytes on one thread.
  private func writeTensors(of trainer: Trainer, below folder: String) throws {
    let state = trainer.state
    let failure = Mutex<(any Error)?>(nil)
    let work = { (part: Int, _: Int) in
      do {
        if part == 0 {
          try writeWeights(trainer.parameters, to: "\(folder)/\(RunCheckpoint.weightsFile)")
          crash(.betweenFiles)
        }
        // The weights in BF16 and one of three equal files are about as much as the other two.
        for (name, tensor) in part == 0 ? state[..<1] : state[1...] {
          try write(name, tensor, to: "\(folder)/\(RunCheckpoint.stateFile(name))")
        }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let pool {
      pool.run(chunkCount: 2, work)
    } else {
      for part in 0..<2 { work(part, 0) }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func writeWeights(_ parameters: Parameters, to path: String) throws {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for name in parameters.names {
      guard let tensor = parameters.tensor(name) else { continue }
      writer.add(name, tensor)
    }
    try writer.write(to: path, crashingAt: .writingWeights, crash)
  }

  private func write(_ name: String, _ tensor: Tensor, to path: String) throws {
    var writer = SafetensorsWriter()
    writer.add(name, tensor)
    try writer.write(to: path, crashingAt: .writingState, crash)
  }

  /// Removes what is neither among the newest nor the best, and what killed processes left.
  func prune(best: Int?) throws {
    guard try FileKind.of(folder) == .folder else { return }
    let steps = try steps()
    for step in steps.dropLast(keptCount) where step != best {
      try FolderWriter.removeFolder(path(step: step))
    }
    for name in try FileKind.names(inFolder: folder)
    where name.hasPrefix("step-") && name.hasSuffix(".partial") {
      try FolderWriter.removeFolder("\(folder)/\(name)")
    }
  }
}

extension SafetensorsWriter {
  /// Writes, and tells of a file that is half there.
  fileprivate func write(
    to path: String,
    crashingAt point: CrashPoint,
    _ crash: (CrashPoint) -> Void
  ) throws {
    var isFirst = true
    try write(to: path) { _ in
      if isFirst { crash(point) }
      isFirst = false
      return true
    }
  }
}

extension JSONText {
  /// The text's bytes and a line feed.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}
