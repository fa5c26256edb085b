// SPDX-License-Identifier: Apache-2.0

import Checkpoints
public import Compute
import JSON
import Models

/// A run as it stood after a step: a model's folder as Hugging Face publishes it, and beside the model
/// what the run needs to go on bit for bit.
///
/// `state/` holds masters and moments, the cursor, and the hashes of all files. `record.json` holds what
/// differs between runs that come to the same weights: times, rates, and the ledger's head.
public struct RunCheckpoint: Sendable {
  /// The folder.
  public let path: String
  /// How far the run had come.
  public let cursor: RunCursor
  /// What decided its bits.
  public let recipeDigest: String
  /// The least loss on the validation rows that the run had come to, where it was measured.
  public let validationLoss: Double?
  /// The step that had it.
  public let bestStep: Int?

  static let weightsFile = "model.safetensors"
  static func stateFile(_ name: String) -> String { "state/\(name).safetensors" }
  static let cursorFile = "state/cursor.json"
  static let digestFile = "state/checksums.json"
  static let recordFile = "record.json"

  /// Opens a checkpoint and reads every byte of it.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - pool: The threads that hash; nil for this one alone.
  /// - Throws: `TrainingError` naming what is not as it was written.
  public init(path: String, pool: ThreadPool? = nil) throws(TrainingError) {
    self.path = path
    let stored = try CheckpointDigest(Self.read(Self.digestFile, below: path).root)
    guard let stored else { throw Self.broken(path, Self.digestFile, "it holds something else") }
    for (file, digest) in stored.files.sorted(by: { $0.key < $1.key }) {
      let found: CheckpointDigest
      do {
        found = try CheckpointDigest(of: [file], below: path, pool: pool)
      } catch {
        throw Self.broken(path, file, error.what)
      }
      guard found.files[file] == digest else {
        let detail =
          found.files[file]?.byteCount == digest.byteCount
          ? "its hash is another than when it was written"
          : "it has \(found.files[file]?.byteCount ?? 0) bytes, not \(digest.byteCount)"
        throw Self.broken(path, file, detail)
      }
    }
    let state = try StoredCursor(Self.read(Self.cursorFile, below: path).root)
    guard let state else { throw Self.broken(path, Self.cursorFile, "a field is missing") }
    guard state.arithmeticVersion == Compute.arithmeticVersion else {
      throw TrainingError(
        .otherArithmetic(found: state.arithmeticVersion, here: Compute.arithmeticVersion),
        place: path
      )
    }
    cursor = state.cursor
    recipeDigest = state.recipeDigest
    let record = try? Self.read(Self.recordFile, below: path)
    validationLoss = record?.root["validation_loss"]?.double
    bestStep = record?.root["best_step"]?.integer
  }

  private static func read(
    _ file: String,
    below folder: String
  ) throws(TrainingError) -> JSONDocument {
    do {
      let region = try MemoryRegion(mapping: "\(folder)/\(file)")
      return try JSONDocument(region.copyBytes(0..<region.byteCount))
    } catch let error as ComputeError {
      throw broken(folder, file, error.what)
    } catch {
      throw broken(folder, file, "it is no JSON")
    }
  }

  private static func broken(_ folder: String, _ file: String, _ detail: String) -> TrainingError {
    TrainingError(.checkpointBroken(detail), place: "\(folder)/\(file)")
  }

  /// Puts weights, moments and cursor into a trainer.
  ///
  /// - Throws: `TrainingError` or `CheckpointError` where the checkpoint is another model's.
  public func restore(_ trainer: Trainer) throws {
    let weights = try SafetensorsFile(path: "\(path)/\(Self.weightsFile)")
    for (name, bias) in trainer.parameters.selectionBiases {
      try Self.copy(weights.tensor(name), into: bias, name, path)
    }
    for (name, tensor) in trainer.state {
      let file = try SafetensorsFile(path: "\(path)/\(Self.stateFile(name))")
      try Self.copy(file.tensor(name), into: tensor, name, path)
    }
    trainer.parameters.roundMasters()
    trainer.cursor = cursor
  }

  private static func copy(
    _ source: Tensor?,
    into target: Tensor,
    _ name: String,
    _ path: String
  ) throws(TrainingError) {
    guard let source, source.shape == target.shape, source.elementType == target.elementType else {
      throw TrainingError(.tensorUnfit(name: name, shape: target.shape), place: path)
    }
    target.copy(from: source)
  }
}

extension Trainer {
  /// The large tensors of a run's state beside the model's weights, by name.
  var state: [(name: String, tensor: Tensor)] {
    [
      ("masters", parameters.masters), ("first_moments", optimizer.firstMoments),
      ("second_moments", optimizer.secondMoments),
    ]
  }
}

/// The cursor as a checkpoint stores it.
struct StoredCursor {
  var cursor: RunCursor
  var recipeDigest: String
  var arithmeticVersion: Int

  init(_ cursor: RunCursor, recipeDigest: String) {
    self.cursor = cursor
    self.recipeDigest = recipeDigest
    arithmeticVersion = Compute.arithmeticVersion
  }

  /// Reads what `json` writes; nil where a field is missing.
  init?(_ value: JSONValue) {
    guard let digest = value["recipe"]?.string, let version = value["arithmetic"]?.integer,
      let step = value["step"]?.integer, let updates = value["updates"]?.integer,
      let row = value["row"]?.integer, let tokens = value["tokens"]?.integer
    else { return nil }
    recipeDigest = digest
    arithmeticVersion = version
    cursor = RunCursor()
    cursor.step = step
    cursor.updateCount = updates
    cursor.row = row
    cursor.tokens = tokens
    // As its bits: a decimal would have to be read with the one right rounding.
    if let bits = value["mean_loss_bits"]?.string {
      guard let pattern = UInt64(bits, radix: 16) else { return nil }
      cursor.meanLoss = Double(bitPattern: pattern)
    }
  }

  var json: JSONText {
    .object([
      ("recipe", .string(recipeDigest)), ("arithmetic", .integer(arithmeticVersion)),
      ("step", .integer(cursor.step)), ("updates", .integer(cursor.updateCount)),
      ("row", .integer(cursor.row)), ("tokens", .integer(cursor.tokens)),
      (
        "mean_loss_bits",
        cursor.meanLoss.map { .string(String($0.bitPattern, radix: 16)) } ?? .null
      ),
    ])
  }
}
