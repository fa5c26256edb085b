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
  /// The sequences, in the order of their rows.
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

  /// Keeps a copy of what will be overwritten, where a derivative follows.
  func keep(_ x: ActivationView, in slot: Workspace.Slot) throws(ModelError) {
    guard workspace.keepsLayers else { return }
    device.copy(x, into: try workspace.view(slot, like: x))
  }

  /// Where attention leaves what it says of its sums, where a derivative follows.
  func statistics(headCount: Int) throws(ModelError) -> ActivationView? {
    guard workspace.keepsLayers else { return nil }
    return try workspace.view(.statistics, rows: rowCount, columns: 2 * headCount)
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

  /// Computes the gradients of a forward pass that kept what it computed.
  ///
  /// - Parameters:
  ///   - gradient: Of the output, `[rows, hiddenSize]`.
  ///   - x: The input.
  ///   - gradients: Of the same kind; its weights are where their gradients are added.
  ///   - pass: The pass.
  ///   - layer: Which cache of each sequence is this layer's.
  ///   - target: Becomes the gradient of the input.
  /// - Throws: `ModelError` if memory cannot be had.
  func differentiate(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: any Attention,
    pass: BackwardPass,
    layer: Int,
    into target: ActivationView
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

  /// Computes the gradients of a forward pass that kept what it computed; see `Attention`.
  func differentiate(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: any FeedForward,
    pass: BackwardPass,
    layer: Int,
    into target: ActivationView
  ) throws(ModelError)
}
