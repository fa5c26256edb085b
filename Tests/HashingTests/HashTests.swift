// SPDX-License-Identifier: Apache-2.0

import Hashing
import Testing

/// The hashes against the examples of FIPS 180-4.
@Suite struct HashTests {
  @Test func `a hash in parts is the published one`() {
    var sha256 = SHA256Hash()
    var sha1 = SHA1Hash()
    for part in ["a", "", "bc"] {
      sha256.update(Array(part.utf8))
      sha1.update(Array(part.utf8))
    }
    let published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(Hexadecimal.text(sha256.digest) == published)
    #expect(Hexadecimal.text(SHA256Hash.digest(of: Array("abc".utf8))) == published)
    #expect(Hexadecimal.text(sha1.digest) == "a9993e364706816aba3e25717850c26c9cd0d89d")
  }

  @Test func `a copy goes on for itself`() {
    var first = SHA256Hash()
    first.update(Array("a".utf8))
    let copy = first
    first.update(Array("b".utf8))
    #expect(copy.digest == SHA256Hash.digest(of: Array("a".utf8)))
    #expect(first.digest == SHA256Hash.digest(of: Array("ab".utf8)))
  }

  @Test func `digits and bytes are each other's inverse`() {
    let all = (0...255).map { UInt8($0) }
    #expect(Hexadecimal.bytes(Hexadecimal.text(all)) == all)
    for text in ["0", "0g", "AB", " 0"] { #expect(Hexadecimal.bytes(text) == nil, "\(text)") }
  }
}
