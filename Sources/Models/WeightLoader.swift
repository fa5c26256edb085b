// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute

/// Takes tensors out of a source by name and makes weights of them.
struct WeightLoader {
  let source: any TensorSource
  let computeType: ComputeType

  func tensor(_ name: String) throws(ModelError) -> Tensor {
    guard let tensor = source.tensor(name) else {
      throw ModelError(.missingTensor([name], count: 1), file: source.label)
    }
    return tensor
  }

  /// A linear layer: `<stem>.weight`, its scales where it is FP8, and `<stem>.bias` where the plan
  /// has one.
  func linear(_ stem: String, hasBias: Bool = false) throws(ModelError) -> WeightMatrix {
    let name = stem + ".weight"
    let values = try tensor(name)
    return WeightMatrix(
      values,
      blockScales: try blockScales(of: name, values),
      bias: hasBias ? try tensor(stem + ".bias") : nil
    )
  }

  /// The scales of an FP8 weight as F32; powers of two (E8M0) are widened.
  private func blockScales(of name: String, _ values: Tensor) throws(ModelError) -> Tensor? {
    guard values.elementType == .f8e4m3 else { return nil }
    let scales = try tensor(name + "_scale_inv")
    if scales.elementType == .f32 { return scales }
    do {
      return try Tensor(scales.floats, shape: scales.shape)
    } catch { throw ModelError(error) }
  }

  /// kv_b_proj, which absorption multiplies in the sum form: FP8 is dequantized once, here.
  func absorbable(_ stem: String) throws(ModelError) -> Tensor {
    let weight = try linear(stem)
    guard let scales = weight.blockScales else { return weight.values }
    do {
      return try weight.values.dequantized(
        scales: scales,
        elementType: computeType.cacheElementType
      )
    } catch { throw ModelError(error) }
  }

  /// The experts of a mixture, stored one by one or fused along the first extent.
  func experts(_ prefix: String, count: Int) throws(ModelError) -> ExpertWeights {
    var experts = ExpertWeights(gate: [], up: [], down: [])
    let fusedName = prefix + TensorNames.fusedGateUp
    if source.tensor(fusedName) != nil {
      let gateUp = try tensor(fusedName)
      let down = try tensor(prefix + TensorNames.fusedDown)
      for expert in 0..<count {
        let both = gateUp[expert]
        let half = both.rowCount / 2
        experts.gate.append(WeightMatrix(both.rows(0..<half)))
        experts.up.append(WeightMatrix(both.rows(half..<2 * half)))
        experts.down.append(WeightMatrix(down[expert]))
      }
      return experts
    }
    for expert in 0..<count {
      let stem = prefix + TensorNames.expert(expert)
      experts.gate.append(try linear(stem + "gate_proj"))
      experts.up.append(try linear(stem + "up_proj"))
      experts.down.append(try linear(stem + "down_proj"))
    }
    return experts
  }
}

/// The weights of all routed experts of a layer.
struct ExpertWeights {
  var gate: [WeightMatrix]
  var up: [WeightMatrix]
  var down: [WeightMatrix]
}

extension ModelError {
  /// The machine's fault, in the words of the module that met it.
  init(_ error: ComputeError) {
    self.init(.machine(error.what, error.exitCode), file: error.place)
  }
}
