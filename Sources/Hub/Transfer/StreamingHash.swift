// SPDX-License-Identifier: Apache-2.0

import Crypto
import NIOCore
import NIOFoundationEssentialsCompat

/// Hashes bytes as they come; one of the two hashes that hubs publish.
struct StreamingHash: Sendable {
  // One of the two is there. An enumeration would copy the state at each step.
  private var sha256: SHA256?
  private var sha1: Insecure.SHA1?

  /// Starts a hash.
  ///
  /// - Parameters:
  ///   - digest: A hash of the kind that is wanted.
  ///   - byteCount: How many bytes will come: git hashes the count before them.
  init(like digest: ContentDigest, byteCount: Int) {
    switch digest {
    case .sha256: sha256 = SHA256()
    case .gitBlob:
      sha1 = Insecure.SHA1()
      sha1?.update(data: Array("blob \(byteCount)".utf8) + [0])
    }
  }

  mutating func update(_ bytes: ByteBuffer) {
    sha256?.update(data: bytes.readableBytesView)
    sha1?.update(data: bytes.readableBytesView)
  }

  mutating func update(_ bytes: ArraySlice<UInt8>) {
    sha256?.update(data: bytes)
    sha1?.update(data: bytes)
  }

  /// The hash of all bytes so far.
  var digest: ContentDigest {
    if let sha1 { return .gitBlob(Self.hexadecimal(sha1.finalize())) }
    return .sha256(Self.hexadecimal((sha256 ?? SHA256()).finalize()))
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
