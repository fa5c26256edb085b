// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What keeps a training run from starting or from going on.
public struct TrainingError: DiagnosableError, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// A tensor is missing or has another shape than the model's.
    case tensorUnfit(name: String, shape: [Int])
    /// A batch holds something else than rows of token ids.
    case batchUnfit(String)
    /// A file of a checkpoint is not as it was written.
    case checkpointBroken(String)
    /// A checkpoint cannot be written; those before it stay.
    case checkpointUnwritten(step: Int, String, ExitCode)
    /// A checkpoint was written by a program with other bits.
    case otherArithmetic(found: Int, here: Int)
    /// A checkpoint belongs to another recipe.
    case otherRecipe(found: String, here: String)
    /// The folder of a run holds one already.
    case runExists
    /// Another process trains in the folder.
    case runIsHeld
    /// The run needs more memory than can be had.
    case memoryTooSmall(needed: Int, available: Int)
    /// A step's loss or gradient is not finite, or far above the mean.
    case stopped(Trainer.Fault, step: Int, loss: Double, batch: String)
    /// The slots of a batch cannot be shared evenly by the ranks.
    case ranksUnfit(rankCount: Int, slotCount: Int)
    /// Another rank ended, and its share of a step is missing.
    case rankLost
  }

  /// What is wrong.
  public var reason: Reason
  /// Where: a file, a folder or a field.
  public var place: String?
  /// The newest checkpoint that can be gone on from, where it matters.
  public var lastGood: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil, lastGood: String? = nil) {
    self.reason = reason
    self.place = place
    self.lastGood = lastGood
  }
}

extension TrainingError {
  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .tensorUnfit(let name, let shape):
      "tensor '\(name)' of shape \(shape) is not there, or has another shape"
    case .batchUnfit(let detail): detail
    case .checkpointBroken(let detail): "the checkpoint cannot be gone on from: \(detail)"
    case .checkpointUnwritten(let step, let detail, _):
      "the checkpoint of step \(step) cannot be written: \(detail)"
    case .otherArithmetic(let found, let here):
      "the checkpoint has arithmetic version \(found), this program \(here)"
    case .otherRecipe(let found, let here):
      "the checkpoint belongs to recipe \(found.prefix(12)), not \(here.prefix(12))"
    case .runExists: "the folder holds a run already"
    case .runIsHeld: "another process trains here"
    case .memoryTooSmall(let needed, let available):
      "the run needs \(needed) bytes of memory, and \(available) can be had"
    case .stopped(.notFinite, let step, let loss, let batch):
      "the loss or a gradient of step \(step) is not finite (loss \(loss)); the batch: \(batch)"
    case .stopped(.spike, let step, let loss, let batch):
      "the loss of step \(step) is \(loss), far above those before; the batch: \(batch)"
    case .ranksUnfit(let ranks, let slots):
      "\(ranks) ranks cannot share a batch of \(slots) slot\(slots == 1 ? "" : "s") evenly"
    case .rankLost: "another rank of the run has ended"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .tensorUnfit: "the checkpoint that belongs to the configuration"
    case .batchUnfit: "a safetensors file with a tensor 'ids', I32 [sequences, length]"
    case .checkpointBroken:
      lastGood.map { "remove it, and --resume goes on from \($0)" }
        ?? "remove it; there is no older one that is whole"
    case .checkpointUnwritten:
      lastGood.map { "free some space, and --resume goes on from \($0)" }
        ?? "free some space, and --resume begins again"
    case .otherArithmetic: "the program that wrote it"
    case .otherRecipe: "the recipe that the run began with, or another --out"
    case .runExists: "--resume to go on, or another --out"
    case .runIsHeld: "wait for it, or another --out"
    case .memoryTooSmall: "a smaller model, or a smaller micro_batch"
    case .stopped:
      (lastGood.map { "resume from \($0) with a lower learning rate, or " } ?? "")
        + "'skip' in the recipe passes over such batches"
    case .ranksUnfit(_, let slots):
      "a number of ranks that divides \(slots), or 'slots' in the recipe for a new run"
    case .rankLost: "what that rank said"
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitCode: ExitCode {
    switch reason {
    case .checkpointUnwritten(_, _, let code): code
    case .runExists: .cannotCreate
    case .runIsHeld: .tryAgain
    case .memoryTooSmall: .unavailable
    case .otherArithmetic, .otherRecipe, .ranksUnfit: .configuration
    case .stopped: .internalError
    case .rankLost: .unavailable
    case .tensorUnfit, .batchUnfit, .checkpointBroken: .badData
    }
  }
}
