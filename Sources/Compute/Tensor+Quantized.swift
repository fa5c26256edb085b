// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  // A block of zeros must not divide by 0.
  private static let leastScale: Float = 1e-12
  private static let largestE4M3: Float = 448

  /// The scale of each block of 128 × 128 numbers, by which E4M3 holds its largest one exactly.
  ///
  /// amax / 448, at least 1e-12 (DeepSeek-V3 report, section 3.3; DeepSeek-V3's
  /// inference/kernel.py divides so too).
  ///
  /// - Complexity: O(number of elements).
  /// - Returns: `⌈rows/128⌉` rows of `⌈columns/128⌉` scales.
  /// - Precondition: The tensor is a matrix of F32, F16 or BF16, and all its numbers are finite.
  public func blockScales() -> [Float] {
    precondition(shape.count == 2)
    let extent = WeightMatrix.blockExtent
    let across = WeightMatrix.blockCount(columnCount)
    var scales = [Float](repeating: 0, count: WeightMatrix.blockCount(rowCount) * across)
    for row in 0..<rowCount {
      let values = floats(ofRow: row)
      for block in 0..<across {
        var largest: Float = 0
        for value in values[block * extent..<min((block + 1) * extent, columnCount)] {
          largest = max(largest, value.magnitude)
        }
        let index = row / extent * across + block
        scales[index] = max(scales[index], largest)
      }
    }
    return scales.map { max($0 / Self.largestE4M3, Self.leastScale) }
  }

  /// Quantizes some rows to E4M3, nearest even.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - scales: The whole tensor's, as `blockScales` gives them.
  /// - Complexity: O(number of elements).
  /// - Returns: E4M3 `[rows, columns]`.
  /// - Throws: `ComputeError` if memory cannot be had.
  public func quantized(_ rows: Range<Int>, scales: Tensor) throws(ComputeError) -> Tensor {
    let extent = WeightMatrix.blockExtent
    let region = try MemoryRegion(transient: rows.count * columnCount)
    var codes = [UInt8](repeating: 0, count: columnCount)
    for row in rows {
      let values = floats(ofRow: row)
      for block in 0..<scales.columnCount {
        let scale = scales.float(at: row / extent * scales.columnCount + block)
        for column in block * extent..<min((block + 1) * extent, columnCount) {
          // NUMERICS: a quotient, not a product with the inverse: one rounding before E4M3's.
          codes[column] = NumberFormats.e4m3(values[column] / scale)
        }
      }
      region.write(codes, at: (row - rows.lowerBound) * columnCount)
    }
    return Tensor(
      region: region,
      byteOffset: 0,
      elementType: .f8e4m3,
      shape: [rows.count, columnCount]
    )
  }

  /// Rounds some rows to BF16, nearest even, denormals kept.
  ///
  /// - Complexity: O(number of elements).
  /// - Returns: BF16, in the shape of the tensor but for the number of rows.
  /// - Throws: `ComputeError` if memory cannot be had.
  /// - Precondition: The tensor is F32, F16 or BF16.
  public func roundedToBF16(_ rows: Range<Int>) throws(ComputeError) -> Tensor {
    let region = try MemoryRegion(transient: rows.count * columnCount * 2)
    var bytes = [UInt8](repeating: 0, count: columnCount * 2)
    for row in rows {
      for (column, value) in floats(ofRow: row).enumerated() {
        let bits = NumberFormats.bf16KeepingDenormals(value)
        bytes[2 * column] = UInt8(truncatingIfNeeded: bits)
        bytes[2 * column + 1] = UInt8(truncatingIfNeeded: bits >> 8)
      }
      region.write(bytes, at: (row - rows.lowerBound) * columnCount * 2)
    }
    return Tensor(
      region: region,
      byteOffset: 0,
      elementType: .bf16,
      shape: [rows.count] + shape.dropFirst()
    )
  }

  /// A row as FP32, denormals kept.
  private func floats(ofRow row: Int) -> [Float] {
    let start = row * columnCount
    switch elementType {
    case .f32:
      // SAFETY: the row lies within the tensor, which was checked against its region.
      return (start..<start + columnCount).map {
        unsafe pointer.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)
      }
    case .bf16:
      // SAFETY: as above.
      return (start..<start + columnCount).map {
        let bits = unsafe pointer.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self)
        return Float(bitPattern: UInt32(bits) << 16)
      }
    default: return (start..<start + columnCount).map { float(at: $0) }
    }
  }
}
