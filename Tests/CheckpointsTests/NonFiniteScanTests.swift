// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Testing

@Suite struct NonFiniteScanTests {
  // Method: every pattern of a type is judged alone by what its number is, then one bad element is
  // put at every place of a tensor that is no multiple of the vector width, at an odd address.
  @Test(
    arguments: [ElementType.f16, .bf16, .f8e4m3, .f8e8m0]
  )
  func `a pattern is found exactly where its number is not finite`(_ type: ElementType) throws {
    let size = type.byteCount
    for pattern in 0..<(1 << (8 * size)) {
      let bytes = (0..<size).map { UInt8(pattern >> (8 * $0) & 0xFF) }
      let region = try MemoryRegion(zeroed: size)
      region.write(bytes, at: 0)
      let tensor = Tensor(region: region, byteOffset: 0, elementType: type, shape: [1])
      let isFinite = tensor.float(at: 0).isFinite
      guard (tensor.firstNonFiniteIndex == nil) == isFinite else {
        Issue.record("\(type), pattern \(pattern)")
        return
      }
    }
  }

  @Test(
    arguments: [
      (ElementType.f32, [0, 0, 0x80, 0xFF] as [UInt8]), (.f32, [1, 0, 0x80, 0x7F]),
      (.bf16, [0x80, 0x7F]), (.f16, [0, 0xFC]), (.f8e4m3, [0xFF]), (.f8e5m2, [0x7C]),
      (.f8e8m0, [0xFF]), (.f64, [0, 0, 0, 0, 0, 0, 0xF0, 0x7F]),
    ]
  )
  func `the first element that is not finite is found anywhere`(
    _ type: ElementType,
    _ bytes: [UInt8]
  ) throws {
    let count = 131
    for place in 0..<count {
      let region = try MemoryRegion(zeroed: 1 + count * bytes.count)
      region.write(bytes, at: 1 + place * bytes.count)
      region.write(bytes, at: 1 + (count - 1) * bytes.count)
      let tensor = Tensor(region: region, byteOffset: 1, elementType: type, shape: [count])
      #expect(tensor.firstNonFiniteIndex == place)
    }
  }

  @Test func `integers are finite`() throws {
    let region = try MemoryRegion(zeroed: 64)
    region.write([UInt8](repeating: 0xFF, count: 64), at: 0)
    let tensor = Tensor(region: region, byteOffset: 0, elementType: .i32, shape: [16])
    #expect(tensor.firstNonFiniteIndex == nil)
  }
}
