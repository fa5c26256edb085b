// SPDX-License-Identifier: Apache-2.0

/// Integers as shards store them, the lowest byte first.
enum LittleEndian {
  static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for byte in 0..<value.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
    }
  }

  static func read<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type,
    _ bytes: [UInt8],
    at offset: Int
  ) -> Value {
    var value: Value = 0
    for byte in 0..<Value.bitWidth / 8 { value |= Value(bytes[offset + byte]) << (8 * byte) }
    return value
  }
}
