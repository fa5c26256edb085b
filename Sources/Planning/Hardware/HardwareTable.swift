// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The devices that the planner knows.
///
/// "From memory" marks what no document at hand carried when the table was written (reference/costs.md,
/// section 4); prices are dated, and nobody's offer today.
public enum HardwareTable {
  /// The name that stands for the machine at hand, which is measured rather than looked up.
  public static let here = "here"

  /// All of them.
  public static let all: [Accelerator] = [
    h800, h100, h100PCIe, h200, a100, b200, mi300x, tpuV5p, v100, zen4,
  ]

  /// Their names, and that of the machine at hand.
  public static var names: [String] { all.map(\.name) + [here] }

  /// Finds a device.
  ///
  /// - Throws: `PlanError` with the nearest name where none is called so.
  public static func named(_ name: String) throws(PlanError) -> Accelerator {
    if let device = all.first(where: { $0.name == name.lowercased() }) { return device }
    throw PlanError(
      .unknownHardware(name, nearest: NearestName.of(name.lowercased(), in: names), known: names),
      place: "--hardware"
    )
  }

  private static let datasheet = "vendor's datasheet, dense"

  static let h800 = Accelerator(
    name: "h800",
    title: "NVIDIA H800 SXM",
    kind: .withFP8,
    peaks: [.bf16: 989.4e12, .fp8: 1978.9e12],
    memoryByteCount: 80e9,
    bandwidth: 3.35e12,
    nodeLink: 160e9,
    networkLink: 40e9,
    nodeDeviceCount: 8,
    watts: 700,
    prices: [
      Accelerator.Price(
        dollarsPerHour: 2,
        date: "2024",
        source: "DeepSeek's assumption, V3 report, table 1"
      )
    ],
    source: "peaks from the utilization in 'Insights into DeepSeek-V3' (385 TFLOP/s are 38.94 %); "
      + "links V3 report, section 3.1 (160 GB/s in a node, 40 of 50 GB/s reached between nodes)"
  )

  static let h100 = Accelerator(
    name: "h100",
    title: "NVIDIA H100 SXM",
    kind: .withFP8,
    peaks: [.bf16: 989.4e12, .fp8: 1978.9e12],
    memoryByteCount: 80e9,
    bandwidth: 3.35e12,
    nodeLink: 450e9,
    networkLink: 40e9,
    nodeDeviceCount: 8,
    watts: 700,
    prices: [
      Accelerator.Price(dollarsPerHour: 3, date: "2025–26", source: "nanochat, $24 for eight"),
      Accelerator.Price(dollarsPerHour: 3.5, date: "2024", source: "llm.c, $28 for eight"),
    ],
    source: datasheet + "; of 50 GB/s between nodes the share that V3 reached"
  )

  static let h100PCIe = Accelerator(
    name: "h100-pcie",
    title: "NVIDIA H100 PCIe",
    kind: .withFP8,
    peaks: [.bf16: 756e12, .fp8: 1513e12],
    memoryByteCount: 80e9,
    bandwidth: 2.0e12,
    nodeLink: 300e9,
    networkLink: nil,
    nodeDeviceCount: 8,
    watts: 350,
    prices: [],
    source: datasheet + "; bridge and watts from memory"
  )

  static let h200 = Accelerator(
    name: "h200",
    title: "NVIDIA H200 SXM",
    kind: .withFP8,
    peaks: [.bf16: 989.4e12, .fp8: 1978.9e12],
    memoryByteCount: 141e9,
    bandwidth: 4.8e12,
    nodeLink: 450e9,
    networkLink: 40e9,
    nodeDeviceCount: 8,
    watts: 700,
    prices: [],
    source: datasheet + "; of 50 GB/s between nodes the share that V3 reached"
  )

  static let a100 = Accelerator(
    name: "a100",
    title: "NVIDIA A100 SXM 80 GB",
    kind: .beforeFP8,
    peaks: [.bf16: 312e12],
    memoryByteCount: 80e9,
    bandwidth: 2.04e12,
    nodeLink: 300e9,
    networkLink: 20e9,
    nodeDeviceCount: 8,
    watts: 400,
    prices: [Accelerator.Price(dollarsPerHour: 1.75, date: "2024", source: "llm.c, $14 for eight")],
    source: datasheet + "; of 25 GB/s between nodes the share that V3 reached on its own network"
  )

  static let b200 = Accelerator(
    name: "b200",
    title: "NVIDIA B200 SXM",
    kind: .withFP8,
    peaks: [.bf16: 2250e12, .fp8: 4500e12],
    memoryByteCount: 180e9,
    bandwidth: 8e12,
    nodeLink: 900e9,
    networkLink: 40e9,
    nodeDeviceCount: 8,
    watts: 1000,
    prices: [],
    source: datasheet + "; 180 of the 180 to 192 GB that are given"
  )

  static let mi300x = Accelerator(
    name: "mi300x",
    title: "AMD MI300X",
    kind: .withFP8,
    peaks: [.bf16: 1307e12, .fp8: 2614e12],
    memoryByteCount: 192e9,
    bandwidth: 5.3e12,
    nodeLink: 448e9,
    networkLink: nil,
    nodeDeviceCount: 8,
    watts: 750,
    prices: [],
    source: datasheet
  )

  static let tpuV5p = Accelerator(
    name: "tpu-v5p",
    title: "Google TPU v5p",
    kind: .beforeFP8,
    peaks: [.bf16: 459e12],
    memoryByteCount: 95e9,
    bandwidth: 2.765e12,
    nodeLink: 300e9,
    networkLink: nil,
    nodeDeviceCount: 8960,
    watts: nil,
    prices: [],
    source: datasheet + ", links of 4,800 Gb/s both ways; the size of a pod from memory"
  )

  static let v100 = Accelerator(
    name: "v100",
    title: "NVIDIA V100 SXM 32 GB (FP16 in the place of BF16)",
    kind: .beforeFP8,
    peaks: [.bf16: 125e12],
    memoryByteCount: 32e9,
    bandwidth: 0.9e12,
    nodeLink: 150e9,
    networkLink: nil,
    nodeDeviceCount: 8,
    watts: 300,
    prices: [],
    source: "from memory"
  )

  // Per core and GHz 64 GFLOP/s in BF16 (`vdpbf16ps`) and 32 in FP32; 96 cores at 2.4 GHz.
  static let zen4 = Accelerator(
    name: "zen4",
    title: "AMD EPYC of Zen 4, one socket of 96 cores at 2.4 GHz",
    kind: .processor,
    peaks: [.bf16: 64e9 * 96 * 2.4, .f32: 32e9 * 96 * 2.4],
    memoryByteCount: 768e9,
    bandwidth: 461e9,
    nodeLink: 0,
    networkLink: nil,
    threadCount: 96,
    nodeDeviceCount: 1,
    watts: 360,
    prices: [],
    source: "operations a clock measured on one core; cores, clock, memory and watts from memory"
  )
}
