// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A key that signs, and the public one by which others check it: Ed25519 (RFC 8032).
public struct SigningKey: Sendable {
  /// How many bytes a seed has, and a public key.
  public static let byteCount = 32

  private let key: Curve25519.Signing.PrivateKey

  /// Draws a key from the system's generator.
  public init() { key = Curve25519.Signing.PrivateKey() }

  /// Makes the key of a seed; nil where it has not 32 bytes.
  public init?(seed: [UInt8]) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
    self.key = key
  }

  /// The 32 bytes that the key is made of, which nobody else may see.
  public var seed: [UInt8] { Array(key.rawRepresentation) }

  /// The 32 bytes by which others check a signature.
  public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  /// The 64 bytes of the signature of a message; nil where the library refuses, which no message
  /// makes it do.
  public func signature(of message: [UInt8]) -> [UInt8]? {
    (try? key.signature(for: message)).map { Array($0) }
  }

  /// Whether a signature is that of a message.
  ///
  /// - Parameters:
  ///   - signature: 64 bytes; of any other count none is.
  ///   - message: What was signed.
  ///   - publicKey: The public key of whoever signed it.
  /// - Returns: False also where the key is none.
  public static func isSignature(
    _ signature: [UInt8],
    of message: [UInt8],
    by publicKey: [UInt8]
  ) -> Bool {
    let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
    return key?.isValidSignature(signature, for: message) ?? false
  }
}
