// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  /// Multiplies E4M3 values with their block scales in FP32, and rounds once where BF16 is wanted.
  ///
  /// - Parameters:
  ///   - scales: F32 `[⌈rows/128⌉, ⌈columns/128⌉]`.
  ///   - elementType: F32 or BF16.
  /// - Returns: The products, in the shape of the tensor.
  /// - Throws: `ComputeError` if memory cannot be had.
  /// - Precondition: The tensor is a matrix of E4M3 and the scales fit it.
  public func dequantized(
    scales: Tensor,
    elementType: ElementType
  ) throws(ComputeError) -> Tensor {
    precondition(self.elementType == .f8e4m3 && (elementType == .f32 || elementType == .bf16))
    let weight = WeightMatrix(self, blockScales: scales)
    let region = try MemoryRegion(transient: count * elementType.byteCount)
    let table = (0...255).map { NumberFormats.float(e4m3: UInt8($0)) }
    for row in 0..<weight.rowCount {
      for column in 0..<weight.columnCount {
        let index = row * weight.columnCount + column
        let scale = scales.float(
          at: row / WeightMatrix.blockExtent * scales.columnCount + column
            / WeightMatrix.blockExtent
        )
        // SAFETY: `index` runs over this tensor, which the initializer checked, and the fresh
        // region has as many elements.
        let code = unsafe pointer.load(fromByteOffset: index, as: UInt8.self)
        let value = Float.product(table[Int(code)], Float.widened(scale))
        if elementType == .bf16 {
          unsafe region.base.storeBytes(
            of: NumberFormats.bf16(value),
            toByteOffset: index * 2,
            as: UInt16.self
          )
        } else {
          unsafe region.base.storeBytes(of: value, toByteOffset: index * 4, as: Float.self)
        }
      }
    }
    return Tensor(region: region, byteOffset: 0, elementType: elementType, shape: shape)
  }
}
