// SPDX-License-Identifier: Apache-2.0

/// Stored numbers, row-major, somewhere in a memory region; nothing is copied to make one.
public struct Tensor: Sendable {
  /// Where the bytes live.
  public let region: MemoryRegion
  /// The first byte within the region; it may have any alignment.
  public let byteOffset: Int
  /// How the numbers are stored.
  public let elementType: ElementType
  /// The extents, slowest first.
  public let shape: [Int]

  /// Creates a tensor over bytes that exist.
  ///
  /// - Precondition: The tensor's bytes lie within the region.
  public init(region: MemoryRegion, byteOffset: Int, elementType: ElementType, shape: [Int]) {
    self.region = region
    self.byteOffset = byteOffset
    self.elementType = elementType
    self.shape = shape
    precondition(byteOffset >= 0 && byteOffset + byteCount <= region.byteCount)
  }

  /// Creates an F32 tensor that holds a copy of `values`.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  public init(_ values: [Float], shape: [Int]) throws(ComputeError) {
    precondition(values.count == shape.reduce(1, *))
    let region = try MemoryRegion(zeroed: values.count * 4)
    // SAFETY: the fresh region holds exactly these values.
    unsafe values.withUnsafeBytes { bytes in
      unsafe UnsafeMutableRawBufferPointer(start: region.base, count: bytes.count)
        .copyMemory(from: bytes)
    }
    self.init(region: region, byteOffset: 0, elementType: .f32, shape: shape)
  }

  /// Creates an I32 tensor that holds a copy of `values`.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  public init(_ values: [Int32], shape: [Int]) throws(ComputeError) {
    precondition(values.count == shape.reduce(1, *))
    let region = try MemoryRegion(zeroed: values.count * 4)
    // SAFETY: the fresh region holds exactly these values.
    unsafe values.withUnsafeBytes { bytes in
      unsafe UnsafeMutableRawBufferPointer(start: region.base, count: bytes.count)
        .copyMemory(from: bytes)
    }
    self.init(region: region, byteOffset: 0, elementType: .i32, shape: shape)
  }

  /// How many numbers it holds.
  public var count: Int { shape.reduce(1, *) }

  /// How many bytes it takes.
  public var byteCount: Int { count * elementType.byteCount }

  /// The slowest extent; 1 for a scalar.
  public var rowCount: Int { shape.first ?? 1 }

  /// How many numbers a row holds.
  public var columnCount: Int { shape.dropFirst().reduce(1, *) }

  var pointer: UnsafeRawPointer { unsafe UnsafeRawPointer(region.base + byteOffset) }

  /// A run of rows of this tensor, over the same bytes.
  ///
  /// - Precondition: The range lies within the rows.
  public func rows(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
    return Tensor(
      region: region,
      byteOffset: byteOffset + range.lowerBound * columnCount * elementType.byteCount,
      elementType: elementType,
      shape: [range.count] + shape.dropFirst()
    )
  }

  /// One item along the slowest extent, over the same bytes.
  ///
  /// - Precondition: `index` lies within that extent.
  public subscript(index: Int) -> Tensor {
    let item = rows(index..<index + 1)
    return Tensor(
      region: region,
      byteOffset: item.byteOffset,
      elementType: elementType,
      shape: Array(shape.dropFirst())
    )
  }

  /// Lets go of the pages of a mapped file that it lies on; they come back when somebody looks at
  /// them.
  public func releasePages() { region.release(byteOffset..<byteOffset + byteCount) }

  /// The element at a flat index as FP32, denormals kept; for readers, not for kernels.
  ///
  /// - Precondition: The element type is a floating-point type or a 32-bit integer.
  public func float(at index: Int) -> Float {
    precondition(index >= 0 && index < count)
    // SAFETY: the index was checked, and the initializer checked the tensor against its region.
    switch elementType {
    case .f32: return unsafe pointer.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
    case .i32: return unsafe Float(pointer.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
    case .bf16:
      let bits = unsafe pointer.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
      return Float(bitPattern: UInt32(bits) << 16)
    case .f16:
      return NumberFormats.float(
        f16: unsafe pointer.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
      )
    case .f8e4m3:
      return NumberFormats.float(e4m3: unsafe pointer.load(fromByteOffset: index, as: UInt8.self))
    case .f8e8m0, .u8:
      return NumberFormats.float(e8m0: unsafe pointer.load(fromByteOffset: index, as: UInt8.self))
    case .f64:
      return unsafe Float(pointer.loadUnaligned(fromByteOffset: index * 8, as: Double.self))
    default: fatalError("a tensor of type \(elementType) is read as numbers")
    }
  }

  /// All elements of a tensor of 32-bit integers.
  ///
  /// - Precondition: The element type is a 32-bit integer.
  public var integers: [Int32] {
    precondition(elementType == .i32)
    return (0..<count).map { index in
      // SAFETY: the initializer checked the tensor against its region.
      unsafe pointer.loadUnaligned(fromByteOffset: index * 4, as: Int32.self)
    }
  }

  /// All elements as FP32.
  public var floats: [Float] { (0..<count).map { float(at: $0) } }
}
