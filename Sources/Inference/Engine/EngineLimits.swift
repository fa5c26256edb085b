// SPDX-License-Identifier: Apache-2.0

/// What an engine may take of the machine; none of it changes an answer.
public struct EngineLimits: Sendable, Hashable {
  /// The most sequences that are worked on together.
  public var sequenceCount: Int
  /// The most bytes of all caches together.
  public var cacheByteCount: Int
  /// How many of them the prefix cache may take while no sequence needs them; 0 switches it off.
  public var prefixByteCount: Int
  /// The most requests that wait; more are refused.
  public var waitingCount: Int
  /// The most prompt tokens in one pass.
  public var prefillChunk: Int
  /// How long a pass with prompt tokens may take while others wait for their next token, in seconds.
  public var passSeconds: Double

  /// Creates limits.
  ///
  /// Without a figure of its own the prefix cache may take a quarter of the bytes of all caches.
  public init(
    sequenceCount: Int = 16,
    cacheByteCount: Int,
    prefixByteCount: Int? = nil,
    waitingCount: Int = 256,
    prefillChunk: Int = 512,
    passSeconds: Double = 0.5
  ) {
    self.sequenceCount = max(sequenceCount, 1)
    self.cacheByteCount = cacheByteCount
    self.prefixByteCount = min(max(prefixByteCount ?? cacheByteCount / 4, 0), cacheByteCount)
    self.waitingCount = max(waitingCount, 0)
    self.prefillChunk = max(prefillChunk, 1)
    self.passSeconds = passSeconds
  }
}
