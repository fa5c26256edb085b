// SPDX-License-Identifier: Apache-2.0

import Crypto
public import FoundationEssentials

/// The SHA-256 of bytes that come in parts.
public struct SHA256Hash: Sendable {
  private var state = SHA256()

  /// Starts a hash.
  public init() {}

  /// Takes the next bytes.
  public mutating func update(_ bytes: some DataProtocol) { state.update(data: bytes) }

  /// Takes the next bytes, a part of an array.
  ///
  /// Not generic, so that what hashes millions of short lines calls no witness for each.
  public mutating func update(_ bytes: ArraySlice<UInt8>) { state.update(data: bytes) }

  /// The 32 bytes of the hash of all bytes so far.
  public var digest: [UInt8] { Array(state.finalize()) }

  /// Whether the hash of all bytes so far is written with these lower-case hexadecimal digits.
  ///
  /// - Parameter digits: The digits' characters, 64 of them.
  /// - Returns: False also where there are not 64.
  public func hasDigits(_ digits: ArraySlice<UInt8>) -> Bool {
    guard digits.count == 2 * SHA256Digest.byteCount else { return false }
    var index = digits.startIndex
    for byte in state.finalize() {
      guard digits[index] == Hexadecimal.digit(byte >> 4),
        digits[index + 1] == Hexadecimal.digit(byte & 15)
      else { return false }
      index += 2
    }
    return true
  }

  /// The 32 bytes of the hash of some bytes.
  public static func digest(of bytes: some DataProtocol) -> [UInt8] {
    Array(SHA256.hash(data: bytes))
  }
}

/// The SHA-1 of bytes that come in parts, for formats that are bound to it, like git's.
public struct SHA1Hash: Sendable {
  private var state = Insecure.SHA1()

  /// Starts a hash.
  public init() {}

  /// Takes the next bytes.
  public mutating func update(_ bytes: some DataProtocol) { state.update(data: bytes) }

  /// The 20 bytes of the hash of all bytes so far.
  public var digest: [UInt8] { Array(state.finalize()) }
}
