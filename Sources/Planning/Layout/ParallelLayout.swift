// SPDX-License-Identifier: Apache-2.0

/// How a step of training is divided among devices.
public struct ParallelLayout: Sendable, Hashable {
  /// Devices that divide each matrix (tensor parallelism, with sequences divided between).
  public var tensor = 1
  /// Stages that divide the layers (pipeline parallelism).
  public var pipeline = 1
  /// Devices that divide each sequence (context parallelism, keys and values going round a ring).
  public var context = 1
  /// Devices that divide the routed experts of a layer.
  public var expert = 1
  /// What replicas divide of the model (ZeRO, arXiv 1910.02054): 0 nothing, 1 the optimizer's state, 2
  /// gradients too, 3 weights too.
  public var zero = 1
  /// The order of a pipeline's work.
  public var schedule = PipelineSchedule.oneForwardOneBackward
  /// Parts of the layers that each stage holds in turns; more than 1 interleaves.
  public var chunks = 1
  /// Whether the backward pass computes the layers' forward passes again.
  public var recomputes = false
  /// Sequences of a micro-batch.
  public var microRows = 1

  /// Creates a layout; what is not given is not divided.
  public init(
    tensor: Int = 1,
    pipeline: Int = 1,
    context: Int = 1,
    expert: Int = 1,
    zero: Int = 1,
    schedule: PipelineSchedule = .oneForwardOneBackward,
    chunks: Int = 1,
    recomputes: Bool = false,
    microRows: Int = 1
  ) {
    self.tensor = tensor
    self.pipeline = pipeline
    self.context = context
    self.expert = expert
    self.zero = zero
    self.schedule = schedule
    self.chunks = chunks
    self.recomputes = recomputes
    self.microRows = microRows
  }

  /// Devices of one replica of the model.
  public var replicaDeviceCount: Int { tensor * pipeline * context }

  /// Replicas among some devices.
  public func data(_ deviceCount: Int) -> Int { max(deviceCount / replicaDeviceCount, 1) }

  /// Micro-batches that a replica takes in a step.
  public func microBatchCount(deviceCount: Int, batchRowCount: Int) -> Int {
    max(batchRowCount / (data(deviceCount) * microRows), 1)
  }

  /// The layout as `--layout` takes it.
  public var text: String {
    var parts: [String] = []
    for (name, value) in [
      ("tensor", tensor), ("pipeline", pipeline), ("context", context), ("expert", expert),
    ] where value > 1 {
      parts.append("\(name)=\(value)")
    }
    parts.append("zero=\(zero)")
    if pipeline > 1 { parts.append("schedule=\(schedule.rawValue)") }
    if chunks > 1 { parts.append("chunks=\(chunks)") }
    if recomputes { parts.append("recompute=full") }
    if microRows > 1 { parts.append("micro=\(microRows)") }
    return parts.joined(separator: ",")
  }
}

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
