// SPDX-License-Identifier: Apache-2.0

/// How a model is loaded and what it may take of the machine.
///
/// But for ``computeType`` none of it changes an answer.
public struct ModelSettings: Sendable, Hashable {
  /// What matrix products take.
  public enum ComputeType: String, Sendable, Hashable {
    /// Single precision.
    case f32
    /// BF16, with sums in single precision.
    case bf16
  }

  /// The threads that compute; nil for the machine's cores.
  public var threadCount: Int?
  /// What matrix products take; nil lets the checkpoint decide: BF16 and FP8 ones compute in BF16.
  public var computeType: ComputeType?
  /// Whether the weights are copied to memory first, which takes their size and speeds answers up by
  /// some tenth; otherwise they stay in their files, mapped.
  public var copiesWeights = false
  /// The most answers that are worked on together.
  public var batchCount = 16
  /// The most answers that wait; more are refused.
  public var waitingCount = 4096
  /// The most bytes for what answers remember of their tokens; nil for half of the memory that is left,
  /// or less where all answers together cannot need it.
  public var cacheByteCount: Int?
  /// How many of those bytes may hold the beginnings of earlier prompts, which are then not computed
  /// again; nil for a quarter.
  public var prefixByteCount: Int?

  /// Creates settings; what is left out has its usual value.
  public init(
    threadCount: Int? = nil,
    computeType: ComputeType? = nil,
    copiesWeights: Bool = false,
    batchCount: Int = 16,
    waitingCount: Int = 4096,
    cacheByteCount: Int? = nil,
    prefixByteCount: Int? = nil
  ) {
    self.threadCount = threadCount
    self.computeType = computeType
    self.copiesWeights = copiesWeights
    self.batchCount = batchCount
    self.waitingCount = waitingCount
    self.cacheByteCount = cacheByteCount
    self.prefixByteCount = prefixByteCount
  }

  /// Checks the values.
  func check() throws(HadalError) {
    try Self.check("threadCount", threadCount, 1...1024)
    try Self.check("batchCount", batchCount, 1...1024)
    try Self.check("waitingCount", waitingCount, 0...1_000_000)
    try Self.check("cacheByteCount", cacheByteCount, 0 ... .max)
    try Self.check("prefixByteCount", prefixByteCount, 0 ... .max)
  }

  private static func check(
    _ name: String,
    _ value: Int?,
    _ range: ClosedRange<Int>
  ) throws(HadalError) {
    guard let value, !range.contains(value) else { return }
    throw HadalError(
      .option,
      "'\(name)' is \(value), but must be \(range.lowerBound)…\(range.upperBound)",
      place: "ModelSettings.\(name)"
    )
  }
}
