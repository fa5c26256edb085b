// SPDX-License-Identifier: Apache-2.0

/// The order in which a pipeline's stages work; the bubbles are those of DeepSeek-V3, table 2.
public enum PipelineSchedule: String, Sendable, Hashable, CaseIterable {
  /// One forward, one backward (1F1B); with chunks it is interleaved (arXiv 2104.04473, section 2.2).
  case oneForwardOneBackward = "1f1b"
  /// The backward pass in two parts, of which that of weights fills gaps (ZB1P).
  case zeroBubble = "zb1p"
  /// From both ends at once, two copies of the parameters (DeepSeek-V3, section 3.2.1).
  case dualPipe = "dualpipe"

  /// How many times a device holds the parameters of a stage.
  public var parameterCopies: Int { self == .dualPipe ? 2 : 1 }

  /// The bubble of a step, in forward passes of one micro-batch through a stage.
  ///
  /// With F = 1, the backward pass B = `backward` and its part for weights W = 1: 1F1B
  /// (PP − 1)(F + B) / chunks, ZB1P (PP − 1)(F + B − 2W), DualPipe (PP/2 − 1)(F&B + B − 3W).
  public func bubble(pipeline: Int, chunks: Int, backward: Double) -> Double {
    let stages = Double(pipeline)
    switch self {
    case .oneForwardOneBackward: return (stages - 1) * (1 + backward) / Double(chunks)
    case .zeroBubble: return (stages - 1) * (backward - 1)
    case .dualPipe: return max(stages / 2 - 1, 0) * (2 * backward - 2)
    }
  }

  /// The same as a formula in PP (stages), V (chunks), B (backward over forward).
  var bubbleFormula: String {
    switch self {
    case .oneForwardOneBackward: "(PP - 1) * (1 + B) / V"
    case .zeroBubble: "(PP - 1) * (B - 1)"
    case .dualPipe: "max(PP / 2 - 1, 0) * (2 * B - 2)"
    }
  }

  /// Micro-batches whose activations a device keeps at once.
  public func microBatchesInFlight(pipeline: Int, microBatchCount: Int) -> Int {
    min(self == .dualPipe ? pipeline + 1 : pipeline, microBatchCount)
  }
}
