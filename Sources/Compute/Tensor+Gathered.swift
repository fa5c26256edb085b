// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  /// Copies numbers that lie apart, those of a transposed tensor for example, into their order.
  ///
  /// - Parameters:
  ///   - source: Where the numbers lie.
  ///   - byteOffset: The first one.
  ///   - elementType: How they are stored.
  ///   - shape: The extents, slowest first, none of them 0.
  ///   - strides: For each extent the steps to the next number, in elements.
  /// - Complexity: O(number of elements).
  /// - Throws: `ComputeError` if memory cannot be had.
  /// - Precondition: All numbers lie within the source.
  public init(
    gathering source: MemoryRegion,
    byteOffset: Int,
    elementType: ElementType,
    shape: [Int],
    strides: [Int]
  ) throws(ComputeError) {
    let width = elementType.byteCount
    let reach = zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    precondition(shape.count == strides.count && (shape + strides).allSatisfy { $0 >= 0 })
    precondition(
      !shape.contains(0) && byteOffset >= 0
        && byteOffset + (reach + 1) * width <= source.byteCount
    )
    let count = shape.reduce(1, *)
    let region = try MemoryRegion(zeroed: count * width)
    var place = [Int](repeating: 0, count: shape.count)
    var element = 0
    for index in 0..<count {
      // SAFETY: no place exceeds `reach`, which was checked against the source, and the fresh
      // region has room for `count` elements.
      unsafe (region.base + index * width).copyMemory(
        from: source.base + byteOffset + element * width,
        byteCount: width
      )
      for axis in shape.indices.reversed() {
        place[axis] += 1
        element += strides[axis]
        if place[axis] < shape[axis] { break }
        element -= shape[axis] * strides[axis]
        place[axis] = 0
      }
    }
    self.init(region: region, byteOffset: 0, elementType: elementType, shape: shape)
  }
}
