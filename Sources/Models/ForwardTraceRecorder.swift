// SPDX-License-Identifier: Apache-2.0

public import Compute

/// What forward passes computed on their way, kept for tests, `--trace` and diagnosis.
///
/// Rows of later passes are appended to those of earlier ones.
public final class ForwardTraceRecorder {
  /// The residual stream after the embedding and after each layer, `[layers + 1][rows][hidden]`.
  public private(set) var states: [[[Float]]] = []
  /// The choices of each mixture layer, by layer.
  public private(set) var choices: [Int: ExpertChoice] = [:]
  private let keepsStates: Bool
  /// The first state with a NaN or an infinity: 0 after the embedding, i + 1 after layer i.
  public private(set) var firstNonFiniteState: Int?

  /// Creates an empty trace.
  ///
  /// - Parameter keepsStates: Whether states are kept, or only checked for being finite.
  public init(keepsStates: Bool = true) { self.keepsStates = keepsStates }

  func record(state: ActivationView, choice: ExpertChoice? = nil, layer: Int = -1) {
    let rows = (0..<state.rowCount).map { state.floats(row: $0) }
    let index = layer + 1
    if firstNonFiniteState == nil, rows.contains(where: { $0.contains { !$0.isFinite } }) {
      firstNonFiniteState = index
    }
    if keepsStates {
      if states.count == index { states.append([]) }
      states[index] += rows
    }
    guard let choice else { return }
    if let earlier = choices[layer] {
      choices[layer] = ExpertChoice(
        chosenCount: choice.chosenCount,
        experts: earlier.experts + choice.experts,
        weights: earlier.weights + choice.weights
      )
    } else {
      choices[layer] = choice
    }
  }
}
