// SPDX-License-Identifier: Apache-2.0

/// What `hadal doctor` measures of the machine at hand.
public struct MeasuredMachine: Sendable, Hashable {
  /// The processor in words.
  public var title: String
  /// How many threads compute.
  public var threadCount: Int
  /// Operations a second that matrix products reach, in BF16.
  public var bf16Peak: Double
  /// Operations a second that matrix products reach, in FP32.
  public var f32Peak: Double
  /// Bytes of weights a second.
  public var bandwidth: Double
  /// Bytes of memory that can be had.
  public var memoryByteCount: Double
  /// Watts, nil where the system does not say.
  public var watts: Double?

  /// Takes what was measured.
  public init(
    title: String,
    threadCount: Int,
    bf16Peak: Double,
    f32Peak: Double,
    bandwidth: Double,
    memoryByteCount: Double,
    watts: Double? = nil
  ) {
    self.title = title
    self.threadCount = threadCount
    self.bf16Peak = bf16Peak
    self.f32Peak = f32Peak
    self.bandwidth = bandwidth
    self.memoryByteCount = memoryByteCount
    self.watts = watts
  }

  /// The machine as a device of a plan.
  public var accelerator: Accelerator {
    Accelerator(
      name: HardwareTable.here,
      title: title,
      kind: .processor,
      peaks: [.bf16: bf16Peak, .f32: f32Peak],
      memoryByteCount: memoryByteCount,
      bandwidth: bandwidth,
      nodeLink: 0,
      networkLink: nil,
      threadCount: threadCount,
      nodeDeviceCount: 1,
      watts: watts,
      prices: [],
      source: "measured now, as by hadal doctor"
    )
  }
}
