// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
public import Compute
public import Models

/// The weights of a decoder in training: masters in FP32, and what matrix products take beside them.
///
/// It is the source of the decoder's tensors, which change in place with each step.
public final class Parameters: TensorSource {
  /// The trainable tensors in the order of their published names.
  public let list: [Parameter]
  /// How many numbers all of them have.
  public let count: Int
  /// What matrix products take.
  public let computeType: ComputeType
  /// Whether the head is the embedding table.
  public let tiesHead: Bool
  /// All weights in FP32, one after the other.
  public let masters: Tensor
  /// What the number of all numbers, gaps included, is a multiple of.
  static let blockExtent = 4096
  /// The selection biases of routers, by name: they have no gradient.
  public let selectionBiases: [String: Tensor]
  /// The same weights as BF16, where products take that.
  private let rounded: Tensor?
  private let byName: [String: Parameter]

  /// Allocates zeros for a decoder's weights.
  ///
  /// - Parameters:
  ///   - architecture: The decoder.
  ///   - computeType: What matrix products take.
  ///   - tiesHead: Whether the head is the embedding table.
  ///   - fusedExpertLayers: The layers whose routed experts are stored as two tensors.
  /// - Throws: `ComputeError` if memory cannot be had.
  public init(
    _ architecture: Architecture,
    computeType: ComputeType,
    tiesHead: Bool,
    fusedExpertLayers: Set<Int> = []
  ) throws(ComputeError) {
    let plan = TensorPlan(architecture, fusedExpertLayers: fusedExpertLayers)
    let planned = plan.tensors.filter { tensor in
      tensor.role != .duplicate && tensor.role != .selectionBias
        && !(tensor.role == .head && tiesHead)
    }
    var list: [Parameter] = []
    var offset = 0
    for tensor in planned.sorted(by: { $0.name < $1.name }) {
      list.append(
        Parameter(name: tensor.name, shape: tensor.shape, role: tensor.role, offset: offset)
      )
      // Every tensor starts at a cache line.
      offset += (tensor.count + 15) / 16 * 16
    }
    offset = (offset + Self.blockExtent - 1) / Self.blockExtent * Self.blockExtent
    self.list = list
    self.computeType = computeType
    self.tiesHead = tiesHead
    count = list.reduce(0) { $0 + $1.count }
    byName = Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) })
    masters = try Tensor(zeros: [offset], elementType: .f32)
    rounded = computeType == .bf16 ? try Tensor(zeros: [offset], elementType: .bf16) : nil
    var biases: [String: Tensor] = [:]
    for tensor in plan.tensors where tensor.role == .selectionBias {
      biases[tensor.name] = try Tensor(zeros: tensor.shape, elementType: .f32)
    }
    selectionBiases = biases
  }

  /// How errors call it.
  public var label: String { "the weights in training" }

  /// The names of all tensors, sorted.
  public var names: [String] { (list.map(\.name) + selectionBiases.keys).sorted() }

  /// A tensor as the decoder takes it.
  public func tensor(_ name: String) -> Tensor? {
    guard let parameter = byName[name] else { return selectionBiases[name] }
    guard let rounded, !parameter.isPlain else { return parameter.part(of: masters) }
    return parameter.part(of: rounded)
  }

  /// No tensor is a file's.
  public func file(of name: String) -> String? { nil }

  /// A weight in full precision.
  public func master(_ parameter: Parameter) -> Tensor { parameter.part(of: masters) }

  /// A weight as BF16, nil where products take its master.
  public func roundedWeight(_ parameter: Parameter) -> Tensor? {
    parameter.isPlain ? nil : rounded.map { parameter.part(of: $0) }
  }

  /// Overwrites a weight.
  public func set(_ parameter: Parameter, to values: [Float]) {
    master(parameter).store(values)
    roundedWeight(parameter)?.store(values)
  }

  /// Rounds every weight again from its master.
  func roundMasters() {
    for parameter in list { roundedWeight(parameter)?.store(master(parameter).floats) }
  }

  /// Copies weights out of a checkpoint, FP8 dequantized.
  ///
  /// - Throws: `TrainingError` where a tensor is missing or has another shape, `ComputeError` if memory
  ///   cannot be had.
  public func load(_ source: any TensorSource) throws {
    for parameter in list {
      set(parameter, to: try Self.values(parameter.name, shape: parameter.shape, of: source))
    }
    for (name, bias) in selectionBiases {
      bias.store(try Self.values(name, shape: bias.shape, of: source))
    }
  }

  private static func values(
    _ name: String,
    shape: [Int],
    of source: any TensorSource
  ) throws -> [Float] {
    guard var tensor = source.tensor(name), tensor.shape == shape else {
      throw TrainingError(.tensorUnfit(name: name, shape: shape), place: source.label)
    }
    if tensor.elementType == .f8e4m3, let scales = source.tensor(name + "_scale_inv") {
      tensor = try tensor.dequantized(
        scales: Tensor(scales.floats, shape: scales.shape),
        elementType: .f32
      )
    }
    return tensor.floats
  }
}

extension Parameter {
  /// This parameter's numbers among those of all.
  func part(of all: Tensor) -> Tensor {
    let part = all.rows(offset..<offset + count)
    return Tensor(
      region: part.region,
      byteOffset: part.byteOffset,
      elementType: part.elementType,
      shape: shape
    )
  }
}
