// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Tensor {
  /// Allocates zeros.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  public init(zeros shape: [Int], elementType: ElementType) throws(ComputeError) {
    let byteCount = shape.reduce(elementType.byteCount, *)
    self.init(
      region: try MemoryRegion(zeroed: byteCount),
      byteOffset: 0,
      elementType: elementType,
      shape: shape
    )
  }

  /// Overwrites a tensor that is not a file's, F32 or rounded to BF16: for the reference device, and
  /// for those who fill fresh tensors.
  ///
  /// - Precondition: There is a value for each element of the row, or of the tensor without a row.
  package func store(_ values: [Float], row: Int? = nil) {
    precondition(!region.isMapped && values.count == (row == nil ? count : columnCount))
    let start = (row ?? 0) * columnCount
    for (index, value) in values.enumerated() {
      let offset = byteOffset + (start + index) * elementType.byteCount
      // SAFETY: the count was checked, and the initializer checked the tensor against its region.
      switch elementType {
      case .f32: unsafe region.base.storeBytes(of: value, toByteOffset: offset, as: Float.self)
      case .bf16:
        unsafe region.base.storeBytes(
          of: NumberFormats.bf16(value),
          toByteOffset: offset,
          as: UInt16.self
        )
      default: fatalError("a tensor of type \(elementType) is written")
      }
    }
  }

  /// Copies the stored bytes of a tensor of the same element type and count.
  package func copy(from other: Tensor) {
    precondition(!region.isMapped && elementType == other.elementType && count == other.count)
    // SAFETY: both initializers checked their tensors against their regions.
    unsafe memcpy(region.base + byteOffset, other.pointer, byteCount)
  }
}
