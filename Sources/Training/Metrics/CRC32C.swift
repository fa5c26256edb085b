// SPDX-License-Identifier: Apache-2.0

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), as TFRecord files use it.
struct CRC32C {
  private let table: [UInt32]

  init() {
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in
        // The polynomial 0x1EDC6F41, its bits reversed.
        value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
      }
    }
  }

  /// The checksum of bytes.
  func checksum(of bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 255)] ^ value >> 8 }
    return value ^ 0xFFFF_FFFF
  }

  /// The checksum as a TFRecord stores it, rotated and moved, since a checksum of bytes that hold
  /// their checksum is always the same (TensorFlow, `tensorflow/core/lib/hash/crc32c.h`, `Mask`).
  func masked(_ bytes: [UInt8]) -> UInt32 {
    let value = checksum(of: bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
