// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  /// Finds the first element that is NaN or infinite.
  ///
  /// Bits are tested in words of 64, so a scan runs about as fast as memory delivers.
  ///
  /// - Complexity: O(n).
  /// - Returns: Its flat index; nil if all are finite, or the type is an integer type.
  public var firstNonFiniteIndex: Int? {
    guard let test = NonFiniteTest(elementType) else { return nil }
    let perWord = 8 / elementType.byteCount
    let wordsPerChunk = 512
    let wordCount = count / perWord
    var word = 0
    while word < wordCount {
      let end = min(word + wordsPerChunk, wordCount)
      // SAFETY: `end` words lie within the tensor, which was checked against its region.
      if unsafe test.hits(pointer, words: word..<end) { break }
      word = end
    }
    // What is left is a chunk that holds one, or the last elements that fill no word.
    for index in word * perWord..<count where !isFinite(at: index) { return index }
    return nil
  }

  private func isFinite(at index: Int) -> Bool {
    guard elementType != .f8e5m2 else {
      // SAFETY: the index is below the count.
      return unsafe pointer.load(fromByteOffset: index, as: UInt8.self) & 0x7C != 0x7C
    }
    guard elementType != .f64 else {
      // A large double is finite although it passes FP32.
      // SAFETY: the index is below the count.
      return unsafe pointer.loadUnaligned(fromByteOffset: index * 8, as: Double.self).isFinite
    }
    return float(at: index).isFinite
  }
}

/// Finds numbers that are not finite among several packed into a word.
private struct NonFiniteTest {
  /// Of each element, the bits that are all ones exactly where it is not finite, the topmost of
  /// these left out in types without a sign.
  let ones: UInt64
  /// Of each element, the lowest of these bits: adding it to ones carries into the bit above.
  let step: UInt64
  /// Of each element, the bit above.
  let carry: UInt64
  /// Whether the bit above must be a one itself: E8M0 has no sign there.
  let needsTopBit: Bool

  init?(_ type: ElementType) {
    let (bits, lowest): (UInt64, UInt64)
    switch type {
    case .f64: (bits, lowest) = (0x7FF0_0000_0000_0000, 0x0010_0000_0000_0000)
    case .f32: (bits, lowest) = (0x7F80_0000, 0x0080_0000)
    case .bf16: (bits, lowest) = (0x7F80, 0x0080)
    case .f16: (bits, lowest) = (0x7C00, 0x0400)
    case .f8e4m3, .f8e8m0: (bits, lowest) = (0x7F, 0x01)
    case .f8e5m2: (bits, lowest) = (0x7C, 0x04)
    case .boolean, .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64: return nil
    }
    let width = 8 * type.byteCount
    func repeated(_ pattern: UInt64) -> UInt64 {
      stride(from: 0, to: 64, by: width).reduce(0) { $0 | pattern << UInt64($1) }
    }
    ones = repeated(bits)
    step = repeated(lowest)
    carry = repeated(bits + lowest)
    needsTopBit = type == .f8e8m0
  }

  /// Whether any element of the words is not finite; branchless within, so that it vectorizes.
  func hits(_ start: UnsafeRawPointer, words: Range<Int>) -> Bool {
    var found: UInt64 = 0
    let optional = needsTopBit ? 0 : UInt64.max
    for word in words {
      // SAFETY: the caller's words lie within its tensor.
      let value = unsafe start.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
      found |= ((value & ones) &+ step) & (value | optional)
    }
    return found & carry != 0
  }
}
