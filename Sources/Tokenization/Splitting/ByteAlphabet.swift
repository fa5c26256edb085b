// SPDX-License-Identifier: Apache-2.0

/// The 256 characters by which byte-level tokenizers write bytes (GPT-2's table).
enum ByteAlphabet {
  /// The UTF-8 of the character for each byte.
  static let symbols: [[UInt8]] = scalars.map { scalar in
    var bytes: [UInt8] = []
    bytes.appendScalar(scalar)
    return bytes
  }

  private static let scalars: [UInt32] = {
    var scalars: [UInt32] = []
    var shifted: UInt32 = 0x100
    for byte in UInt32(0)..<256 {
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: scalars.append(byte)
      default:
        scalars.append(shifted)
        shifted += 1
      }
    }
    return scalars
  }()

  /// The byte of each scalar below U+0144, -1 where it stands for none.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
    return bytes
  }()

  /// Appends the bytes that a piece stands for; its own UTF-8 where a character is outside the
  /// alphabet, as in the control tokens.
  static func appendBytes(of piece: ArraySlice<UInt8>, to result: inout [UInt8]) {
    let table = bytes
    let mark = result.count
    let text = piece.span
    var position = 0
    while position < text.count {
      let scalar = text.scalar(at: position)
      guard scalar.value < 0x144, table[Int(scalar.value)] >= 0 else {
        result.removeLast(result.count - mark)
        result.append(contentsOf: piece)
        return
      }
      result.append(UInt8(table[Int(scalar.value)]))
      position += scalar.length
    }
  }
}
