// SPDX-License-Identifier: Apache-2.0

import Compute

/// What every layer of one pass shares.
struct ForwardPass {
  /// The rows of one sequence.
  struct Part {
    var rows: Range<Int>
    /// The place of the first row in the sequence's caches.
    var firstPosition: Int
    var cache: SequenceCache
  }

  let device: any Device
  let computeType: ComputeType
  let workspace: Workspace
  let parts: [Part]
  let rowCount: Int
  let angles: RotaryAngles
  let rotaryLayout: RotaryLayout

  func multiply(_ x: ActivationView, by weight: WeightMatrix, into y: ActivationView) {
    device.multiply(x, by: weight, into: y, computeType: computeType)
  }

  func multiply(_ x: ActivationView, by weights: [WeightMatrix], into y: ViewList) {
    device.multiply(x, by: weights, into: y, computeType: computeType)
  }
}

/// A kind of attention with its weights.
protocol Attention: Sendable {
  /// Bytes of weights that one token reads.
  var weightByteCount: Int { get }

  /// An empty cache of the kind that this attention reads.
  func makeCache(_ computeType: ComputeType) -> any LayerCache

  /// Attends from normed rows, after it has stored what they add to the caches.
  ///
  /// - Parameters:
  ///   - x: `[rows, hiddenSize]`, normed.
  ///   - pass: The pass.
  ///   - layer: Which cache of each sequence is this layer's.
  ///   - output: `[rows, hiddenSize]`.
  /// - Throws: `ModelError` if memory cannot be had.
  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    layer: Int,
    into output: ActivationView
  ) throws(ModelError)
}

/// A kind of feed-forward with its weights.
protocol FeedForward: Sendable {
  /// Bytes of weights that one token reads.
  var weightByteCount: Int { get }

  /// Transforms normed rows.
  ///
  /// - Parameters:
  ///   - x: `[rows, hiddenSize]`, normed.
  ///   - pass: The pass.
  ///   - output: `[rows, hiddenSize]`.
  /// - Throws: `ModelError` if memory cannot be had.
  /// - Returns: The experts that were chosen, nil where there are none.
  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    into output: ActivationView
  ) throws(ModelError) -> ExpertChoice?
}
