// SPDX-License-Identifier: Apache-2.0

import Checkpoints
public import Compute
public import JSON
import Models

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
  ///   - pool: The threads that hash what is opened; nil for this one alone.
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
    try begin(trainer, recipeDigest: recipeDigest, record: record, best: best).wait().get()
  }

  /// Writes a checkpoint as `write` does, on a thread beside the caller's.
  ///
  /// Until it is written, weights, moments and biases must stay as they are: nothing is copied. The
  /// passes of the next step only read them.
  ///
  /// - Throws: `ComputeError` if a thread cannot be had.
  func begin(
    _ trainer: Trainer,
    recipeDigest: String,
    record: JSONText,
    best: Int?
  ) throws(ComputeError) -> BackgroundWork<Result<String, any Error>> {
    let contents = CheckpointContents(trainer, recipeDigest: recipeDigest, record: record)
    // One thread is enough, since a step takes longer: the pool's threads compute.
    return try BackgroundWork { [self] in Result { try write(contents, best: best) } }
  }

  private func write(_ contents: CheckpointContents, best: Int?) throws -> String {
    let path = path(step: contents.cursor.cursor.step)
    try FolderCreation.ensure(folder)
    crash(.begin)
    let writer = try FolderWriter(path: path)
    try writer.makeFolder("state")
    for (name, bytes) in modelFiles { try write(bytes, to: "\(writer.asidePath)/\(name)") }
    try writeWeights(contents.weights, to: "\(writer.asidePath)/\(RunCheckpoint.weightsFile)")
    crash(.betweenFiles)
    for (name, tensor) in contents.state {
      try write(name, tensor, to: "\(writer.asidePath)/\(RunCheckpoint.stateFile(name))")
    }
    try write(contents.cursor.json.bytes, to: "\(writer.asidePath)/\(RunCheckpoint.cursorFile)")
    let files =
      Array(modelFiles.keys)
      + [RunCheckpoint.weightsFile, RunCheckpoint.cursorFile]
      + contents.state.map { RunCheckpoint.stateFile($0.name) }
    let digest = try CheckpointDigest(of: files, below: writer.asidePath, pool: nil)
    try write(digest.json.bytes, to: "\(writer.asidePath)/\(RunCheckpoint.digestFile)")
    try write(contents.record.bytes, to: "\(writer.asidePath)/\(RunCheckpoint.recordFile)")
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

  private func writeWeights(_ weights: [(name: String, tensor: Tensor)], to path: String) throws {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for (name, tensor) in weights { writer.add(name, tensor) }
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
