// SPDX-License-Identifier: Apache-2.0

public import JSON

/// What one device sends in a step, by purpose and link (reference/costs.md, section 3.4).
public struct StepCommunication: Sendable, Hashable {
  /// What joins two devices.
  public enum Link: String, Sendable, Hashable {
    /// Within a node.
    case node
    /// Between nodes.
    case network
  }

  /// What is sent for one purpose over one link.
  public struct Part: Sendable, Hashable {
    /// The purpose: data, tensor, pipeline, expert or context.
    public let purpose: String
    /// The link.
    public let link: Link
    /// Bytes that a device sends.
    public let byteCount: Double
    /// Seconds that these take at the link's rate.
    public let seconds: Double
  }

  /// The parts that are not empty.
  public private(set) var parts: [Part] = []

  /// Seconds that a link is busy.
  public func seconds(_ link: Link) -> Double {
    parts.reduce(0) { $0 + ($1.link == link ? $1.seconds : 0) }
  }

  /// Seconds of the busier link; both work at once, and beside the products.
  public var longestSeconds: Double { max(seconds(.node), seconds(.network)) }

  /// Bytes over both links.
  public var byteCount: Double { parts.reduce(0) { $0 + $1.byteCount } }

  init(
    _ scenario: TrainingScenario,
    _ figures: TrainingFigures,
    _ layout: ParallelLayout,
    _ memory: DeviceMemory
  ) {
    let device = scenario.device
    let replicas = Double(layout.data(scenario.deviceCount))
    // Tokens that a device works on, of which its stage sees all layers of its own.
    let tokens = scenario.tokensPerStep / replicas / Double(layout.context)
    let layers = figures.layerCount / Double(layout.pipeline)
    let width =
      scenario.precision.activationByteCount * Double(scenario.model.hiddenSize)

    addData(scenario, layout, memory)
    if layout.tensor > 1 {
      // Forward twice a gather and a scatter of all tokens; backward the same.
      let bytes = 8 * width * Self.remote(layout.tensor) * tokens * layers
      add("tensor", device, beyond: layout.tensor, bytes)
    }
    if layout.pipeline > 1 {
      // One way with activations, back with their gradients, once more for each chunk.
      let bytes = 2 * width * tokens * Double(layout.chunks) / Double(layout.tensor)
      add("pipeline", device, beyond: layout.replicaDeviceCount, bytes)
    }
    if layout.context > 1 {
      // Keys and values go round once forward; with their gradients twice backward.
      let cache = scenario.model.cacheByteCount(
        elementByteCount: scenario.precision.activationByteCount
      )
      let rows = scenario.tokensPerStep / replicas
      let bytes = 3 * Self.remote(layout.context) * cache / Double(layout.pipeline) * rows
      add("context", device, beyond: layout.tensor * layout.context, bytes)
    }
    if layout.expert > 1 { addExperts(scenario, figures, layout, tokens: tokens) }
  }

  private mutating func addData(
    _ scenario: TrainingScenario,
    _ layout: ParallelLayout,
    _ memory: DeviceMemory
  ) {
    let replicas = layout.data(scenario.deviceCount) * layout.context
    guard replicas > 1 else { return }
    let precision = scenario.precision
    let count = memory.stageParameterCount
    let share = Self.remote(replicas)
    let passes = Double(
      layout.microBatchCount(
        deviceCount: scenario.deviceCount,
        batchRowCount: scenario.batchRowCount
      )
    )
    let bytes =
      switch layout.zero {
      case 0: 2 * share * precision.gradientByteCount * count
      case 1, 2:
        share * (precision.gradientByteCount + precision.weightByteCount) * count
      default:
        // Weights are gathered for every forward and every backward pass.
        share * (precision.gradientByteCount + 2 * precision.weightByteCount * passes) * count
      }
    add("data", scenario.device, beyond: scenario.deviceCount, bytes)
  }

  /// Tokens go to their experts and come back, forward and backward (V3, section 3.2.2): once to each
  /// node that has some of them, and from there within the node to each expert.
  private mutating func addExperts(
    _ scenario: TrainingScenario,
    _ figures: TrainingFigures,
    _ layout: ParallelLayout,
    tokens: Double
  ) {
    guard let layer = scenario.model.groups.first(where: \.layer.isMixture)?.layer else { return }
    let device = scenario.device
    let nodes = (layout.expert + device.nodeDeviceCount - 1) / device.nodeDeviceCount
    let pairs =
      tokens / Double(layout.tensor) * figures.mixtureLayerCount
      / Double(layout.pipeline)
    let perCopy =
      2 * Double(scenario.model.hiddenSize)
      * (scenario.precision.dispatchByteCount + scenario.precision.activationByteCount)
    if nodes > 1, device.networkLink != nil {
      let copies = min(layer.chosenCount, layer.groupLimit ?? nodes, nodes)
      add(.network, "expert", device, pairs * Double(copies) * Self.remote(nodes) * perCopy)
    }
    let local = min(layout.expert, device.nodeDeviceCount)
    add(.node, "expert", device, pairs * Double(layer.chosenCount) * Self.remote(local) * perCopy)
  }

  /// The share of a group that lies elsewhere: (n − 1) / n.
  private static func remote(_ count: Int) -> Double { Double(count - 1) / Double(count) }

  private mutating func add(
    _ purpose: String,
    _ device: Accelerator,
    beyond deviceCount: Int,
    _ byteCount: Double
  ) {
    let isLocal = deviceCount <= device.nodeDeviceCount || device.networkLink == nil
    add(isLocal ? .node : .network, purpose, device, byteCount)
  }

  private mutating func add(
    _ link: Link,
    _ purpose: String,
    _ device: Accelerator,
    _ byteCount: Double
  ) {
    let rate = link == .node ? device.nodeLink : device.networkLink ?? device.nodeLink
    guard byteCount > 0, rate > 0 else { return }
    parts.append(
      Part(purpose: purpose, link: link, byteCount: byteCount, seconds: byteCount / rate)
    )
  }

  /// The parts as a JSON list.
  public var json: JSONText {
    .array(
      parts.map { part in
        .object([
          ("purpose", .string(part.purpose)), ("link", .string(part.link.rawValue)),
          ("bytes", .double(part.byteCount)), ("seconds", .double(part.seconds)),
        ])
      }
    )
  }
}
