// SPDX-License-Identifier: Apache-2.0

import Hashing
import Testing

/// Ed25519 against the first two examples of RFC 8032, section 7.1.
@Suite struct SigningKeyTests {
  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", [] as [UInt8],
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        + "b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", [0x72],
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
        + "1d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
  ])
  func `keys and signatures are the published ones`(
    _ seed: String,
    _ publicKey: String,
    _ message: [UInt8],
    _ signature: String
  ) throws {
    let bytesOfSeed = try #require(Hexadecimal.bytes(seed))
    let key = try #require(SigningKey(seed: bytesOfSeed))
    #expect(Hexadecimal.text(key.publicKey) == publicKey && Hexadecimal.text(key.seed) == seed)
    let bytes = try #require(Hexadecimal.bytes(signature))
    #expect(SigningKey.isSignature(bytes, of: message, by: key.publicKey))
    let own = try #require(key.signature(of: message))
    #expect(SigningKey.isSignature(own, of: message, by: key.publicKey))
    #expect(!SigningKey.isSignature(own, of: message + [0], by: key.publicKey))
    #expect(!SigningKey.isSignature(own, of: message, by: SigningKey().publicKey))
  }

  @Test func `what is no key or signature is refused`() {
    #expect(SigningKey(seed: []) == nil && SigningKey(seed: [1, 2, 3]) == nil)
    let key = SigningKey()
    #expect(!SigningKey.isSignature([], of: [], by: key.publicKey))
    #expect(!SigningKey.isSignature([UInt8](repeating: 0, count: 64), of: [], by: []))
    #expect(key.seed != SigningKey().seed)
  }

  @Test func `a hash knows its digits`() {
    var hash = SHA256Hash()
    hash.update(Array("xabcx".utf8)[1..<4])
    let digits = Array(Hexadecimal.text(hash.digest).utf8)
    #expect(hash.hasDigits(digits[...]))
    for index in digits.indices {
      var other = digits
      other[index] ^= 1
      #expect(!hash.hasDigits(other[...]))
    }
    #expect(!hash.hasDigits(digits.dropLast()))
  }
}
