// SPDX-License-Identifier: Apache-2.0

public import Compute

/// What this machine's memory and kernels reach, by the program's own products.
public struct MachineMeasurement {
  /// Bytes of weights a second in a matrix-vector product that no cache holds.
  public let bytesPerSecond: Double
  /// Operations a second in a matrix product, for each compute type.
  public let peaks: [(name: String, computeType: ComputeType, operationsPerSecond: Double)]

  /// Measures for about a second.
  ///
  /// - Throws: `ComputeError` if memory cannot be had or the path cannot run here.
  public init(threads: Int, path: KernelPath) throws(ComputeError) {
    let device = try CPUDevice(threadCount: threads, path: path)
    // 256 MiB of BF16 weights pass every cache; one row makes the product wait for memory alone.
    let large = try Self.weight(rows: 16_384, columns: 8192, .bf16)
    let seconds = try Self.bestSeconds(device, large, rows: 1, .bf16)
    bytesPerSecond = Double(large.byteCount) / seconds
    var peaks: [(String, ComputeType, Double)] = []
    for (name, computeType) in [("bf16", ComputeType.bf16), ("f32", .f32)] {
      peaks.append((name, computeType, try Self.peak(of: device, computeType)))
    }
    self.peaks = peaks
  }

  /// Operations a second that matrix products of a compute type reach, measured in some milliseconds.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  public static func peak(
    of device: CPUDevice,
    _ computeType: ComputeType
  ) throws(ComputeError) -> Double {
    let weight = try weight(rows: 512, columns: 1024, computeType == .bf16 ? .bf16 : .f32)
    // LIMIT: 40 products are some 40 ms, in which a busy machine has a quiet moment or two.
    let seconds = try bestSeconds(device, weight, rows: 256, computeType, repeats: 40)
    return 2 * 256 * 512 * 1024 / seconds
  }

  private static func weight(
    rows: Int,
    columns: Int,
    _ type: ElementType
  ) throws(ComputeError) -> WeightMatrix {
    let region = try MemoryRegion(zeroed: rows * columns * type.byteCount)
    return WeightMatrix(
      Tensor(region: region, byteOffset: 0, elementType: type, shape: [rows, columns])
    )
  }

  private static func bestSeconds(
    _ device: CPUDevice,
    _ weight: WeightMatrix,
    rows: Int,
    _ computeType: ComputeType,
    repeats: Int = 4
  ) throws(ComputeError) -> Double {
    let x = try Activations(rowCapacity: rows, columnCount: weight.columnCount).rows(rows)
    let y = try Activations(rowCapacity: rows, columnCount: weight.rowCount).rows(rows)
    var best = Double.infinity
    for _ in 0..<repeats {
      let start = ContinuousClock.now
      device.multiply(x, by: weight, into: y, computeType: computeType)
      best = min(best, start.seconds(to: ContinuousClock.now))
    }
    return best
  }
}
