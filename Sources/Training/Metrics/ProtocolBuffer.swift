// SPDX-License-Identifier: Apache-2.0

/// Writes the wire format of protocol buffers, as far as event files need it.
struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  /// A message that `body` fills.
  static func message(_ body: (inout ProtocolBuffer) -> Void) -> [UInt8] {
    var buffer = ProtocolBuffer()
    body(&buffer)
    return buffer.bytes
  }

  /// Wire type 0.
  mutating func add(_ field: Int, integer: Int) {
    appendVariable(UInt64(field) << 3)
    appendVariable(UInt64(bitPattern: Int64(integer)))
  }

  /// Wire type 1.
  mutating func add(_ field: Int, double: Double) {
    appendVariable(UInt64(field) << 3 | 1)
    bytes += double.bitPattern.littleEndianBytes
  }

  /// Wire type 2: texts, messages.
  mutating func add(_ field: Int, bytes: [UInt8]) {
    appendVariable(UInt64(field) << 3 | 2)
    appendVariable(UInt64(bytes.count))
    self.bytes += bytes
  }

  /// Wire type 5.
  mutating func add(_ field: Int, float: Float) {
    appendVariable(UInt64(field) << 3 | 5)
    bytes += float.bitPattern.littleEndianBytes
  }

  private mutating func appendVariable(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }
}

extension FixedWidthInteger {
  /// The bytes, the lowest first.
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
  }
}
