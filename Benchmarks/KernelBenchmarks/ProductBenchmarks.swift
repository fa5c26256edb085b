// SPDX-License-Identifier: Apache-2.0

import Compute

/// Products of rows with one weight: decode reads it from memory, prefill computes on it.
enum ProductBenchmarks {
  private struct Kind {
    var weight: ElementType
    var compute: ComputeType
    var name: String { "\(weight.rawValue) weight, \(compute.rawValue)" }
  }

  private static let kinds = [
    Kind(weight: .bf16, compute: .bf16), Kind(weight: .f8e4m3, compute: .bf16),
    Kind(weight: .f16, compute: .f32), Kind(weight: .bf16, compute: .f32),
    Kind(weight: .f32, compute: .f32),
  ]

  static func cases(_ device: CPUDevice) throws -> [BenchmarkCase] {
    var cases: [BenchmarkCase] = []
    for kind in kinds {
      // 24,576 rows of 8,192 pass every cache of this kind of machine.
      let large = try weight(rows: 24_576, columns: 8192, kind.weight)
      for rows in [1, 8] { cases.append(try product(device, large, rows: rows, kind)) }
      let small = try weight(rows: 2048, columns: 2048, kind.weight)
      for rows in [32, 512] { cases.append(try product(device, small, rows: rows, kind)) }
    }
    let bf16 = kinds[0]
    let deep = try weight(rows: 2016, columns: 7168, .bf16)
    cases.append(try product(device, deep, rows: 480, bf16))
    return cases
  }

  private static func product(
    _ device: CPUDevice,
    _ weight: WeightMatrix,
    rows: Int,
    _ kind: Kind
  ) throws -> BenchmarkCase {
    let x = try Activations(rowCapacity: rows, columnCount: weight.columnCount).rows(rows)
    let y = try Activations(rowCapacity: rows, columnCount: weight.rowCount).rows(rows)
    let shape = "\(rows) × \(weight.columnCount) × \(weight.rowCount)"
    return BenchmarkCase(
      name: "product \(shape), \(kind.name)",
      byteCount: weight.byteCount,
      operationCount: 2 * rows * weight.columnCount * weight.rowCount,
      isBF16: kind.compute == .bf16
    ) {
      device.multiply(x, by: weight, into: y, computeType: kind.compute)
    }
  }

  /// A weight of zeros: no arithmetic here takes longer for other numbers.
  static func weight(rows: Int, columns: Int, _ type: ElementType) throws -> WeightMatrix {
    func tensor(_ type: ElementType, _ rows: Int, _ columns: Int) throws -> Tensor {
      let region = try MemoryRegion(zeroed: rows * columns * type.byteCount)
      return Tensor(region: region, byteOffset: 0, elementType: type, shape: [rows, columns])
    }
    let scales =
      type == .f8e4m3
      ? try tensor(.f32, WeightMatrix.blockCount(rows), WeightMatrix.blockCount(columns)) : nil
    return WeightMatrix(try tensor(type, rows, columns), blockScales: scales)
  }
}
