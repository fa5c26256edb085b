// SPDX-License-Identifier: Apache-2.0

/// The characters in which byte-level tokenizers write bytes, as tests that write tokenizers need them:
/// made here a second time, so that they do not follow the code that they test.
public enum ByteLevelAlphabet {
  /// The scalars, byte 0 first.
  public static let scalars: [UInt32] = {
    var result: [UInt32] = []
    var shifted: UInt32 = 0x100
    for byte in UInt32(0)..<256 {
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: result.append(byte)
      default:
        result.append(shifted)
        shifted += 1
      }
    }
    return result
  }()
}
