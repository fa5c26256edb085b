// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing
import Models

/// Where an engine keeps prefixes from run to run.
public struct PrefixFolder: Sendable, Hashable {
  /// The folder; several engines, of other models and of other processes too, may share it.
  public var path: String
  /// The most bytes of all files in it.
  public var byteCount: Int
  /// The hash of the model's weights: what other weights computed is never used.
  public var weights: String

  /// Names a folder.
  public init(path: String, byteCount: Int, weights: String) {
    self.path = path
    self.byteCount = byteCount
    self.weights = weights
  }

  /// The SHA-256 of all that a block's bytes depend on beside tokens: weights, configuration, compute
  /// type, arithmetic version and layout.
  func key(_ decoder: Decoder, layout: [Int]) -> [UInt8] {
    let parts = [
      "hadal prefix \(PrefixRecord.version)", weights, decoder.computeType.rawValue,
      "\(arithmeticVersion)", "\(layout)", String(reflecting: decoder.architecture),
    ]
    return SHA256Hash.digest(of: Array(parts.joined(separator: "\n").utf8))
  }
}
