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
