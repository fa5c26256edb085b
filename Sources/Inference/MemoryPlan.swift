// SPDX-License-Identifier: Apache-2.0

import Compute
public import Diagnostics
import Models

/// What a model needs of the machine's memory, and the context that fits.
public struct MemoryPlan: Sendable, Hashable {
  /// Bytes of the weights, mapped from their files.
  public var weightByteCount: Int
  /// Bytes of cache that one position takes in all layers.
  public var cacheBytesPerPosition: Int
  /// Bytes of the buffers of one pass.
  public var bufferByteCount: Int
  /// Bytes that can be had, nil where the system does not say.
  public var availableByteCount: Int?
  /// The most positions that the model may see.
  public var modelContextLength: Int
  /// Where the weights lie.
  public var residency = WeightResidency.mapped

  /// Creates a plan of known figures.
  package init(
    weightByteCount: Int,
    cacheBytesPerPosition: Int,
    bufferByteCount: Int,
    availableByteCount: Int?,
    modelContextLength: Int
  ) {
    self.weightByteCount = weightByteCount
    self.cacheBytesPerPosition = cacheBytesPerPosition
    self.bufferByteCount = bufferByteCount
    self.availableByteCount = availableByteCount
    self.modelContextLength = modelContextLength
  }

  /// The most positions that model and memory allow.
  public var contextLength: Int {
    guard let availableByteCount, cacheBytesPerPosition > 0 else { return modelContextLength }
    let left = availableByteCount - weightByteCount - bufferByteCount
    return min(modelContextLength, max(left, 0) / cacheBytesPerPosition)
  }

  /// Bytes for the caches of answers that are worked on together: half of what is left of the memory,
  /// and no more than all of them at their longest need.
  public func cacheByteCount(sequenceCount: Int) -> Int {
    let longest = modelContextLength * cacheBytesPerPosition * sequenceCount
    guard let availableByteCount else { return longest }
    return min(longest, max(availableByteCount - weightByteCount - bufferByteCount, 0) / 2)
  }

  /// What a person is told before anything is allocated.
  public var notice: String {
    "weights \(ByteCount.text(weightByteCount)) \(residency.rawValue), cache "
      + "\(ByteCount.text(cacheBytesPerPosition)) a position, \(contextLength) of "
      + "\(modelContextLength) positions fit, buffers up to \(ByteCount.text(bufferByteCount))"
  }

  /// Checks that at least some positions fit.
  ///
  /// - Throws: `LoadError` with reason `outOfMemory`.
  public func check(place: String) throws(LoadError) {
    let leastPositions = min(64, modelContextLength)
    guard contextLength >= leastPositions else {
      throw LoadError(
        .outOfMemory(
          weights: weightByteCount,
          positions: leastPositions,
          cache: leastPositions * cacheBytesPerPosition,
          available: availableByteCount ?? 0
        ),
        place: place
      )
    }
  }
}

/// Why a model cannot be loaded although its files are sound.
public struct LoadError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// Weights and a minimal cache pass the memory that can be had.
    case outOfMemory(weights: Int, positions: Int, cache: Int, available: Int)
    /// The tokenizer has ids that the embedding lacks.
    case vocabularyTooSmall(tokenizer: Int, embedding: Int)
    /// The folder has no tokenizer, and text was given.
    case noTokenizer
    /// The prompt has no tokens.
    case emptyPrompt
  }

  /// The kind of fault.
  public var reason: Reason
  /// The folder, file or input.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .outOfMemory(let weights, let positions, let cache, let available):
      "weights need \(ByteCount.text(weights)) and \(positions) cached tokens "
        + "\(ByteCount.text(cache)), \(ByteCount.text(available)) are free"
    case .vocabularyTooSmall(let tokenizer, let embedding):
      "the tokenizer has \(tokenizer) ids, the embedding has \(embedding) rows"
    case .noTokenizer: "the checkpoint has no tokenizer.json, so it cannot take text"
    case .emptyPrompt: "the prompt has no tokens"
    }
  }

  /// What to do.
  public var remedy: String? {
    switch reason {
    case .outOfMemory: "a smaller model, or a machine with more memory"
    case .vocabularyTooSmall: "use the tokenizer.json of the same checkpoint"
    case .noTokenizer: "--prompt-ids 1,2,3, or add the tokenizer's files"
    case .emptyPrompt: "a text, or --prompt-ids with at least one id"
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    switch reason {
    case .outOfMemory: .unavailable
    case .vocabularyTooSmall: .badData
    case .noTokenizer: .noInput
    case .emptyPrompt: .usage
    }
  }
}
