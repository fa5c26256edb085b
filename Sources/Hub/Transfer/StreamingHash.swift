// SPDX-License-Identifier: Apache-2.0

import Hashing
import NIOCore
import NIOFoundationEssentialsCompat

/// Hashes bytes as they come; one of the two hashes that hubs publish.
struct StreamingHash: Sendable {
  // One of the two is there. An enumeration would copy the state at each step.
  private var sha256: SHA256Hash?
  private var sha1: SHA1Hash?

  /// Starts a hash.
  ///
  /// - Parameters:
  ///   - digest: A hash of the kind that is wanted.
  ///   - byteCount: How many bytes will come: git hashes the count before them.
  init(like digest: ContentDigest, byteCount: Int) {
    switch digest {
    case .sha256: sha256 = SHA256Hash()
    case .gitBlob:
      sha1 = SHA1Hash()
      sha1?.update(Array("blob \(byteCount)".utf8) + [0])
    }
  }

  mutating func update(_ bytes: ByteBuffer) {
    sha256?.update(bytes.readableBytesView)
    sha1?.update(bytes.readableBytesView)
  }

  mutating func update(_ bytes: ArraySlice<UInt8>) {
    sha256?.update(bytes)
    sha1?.update(bytes)
  }

  /// The hash of all bytes so far.
  var digest: ContentDigest {
    if let sha1 { return .gitBlob(Hexadecimal.text(sha1.digest)) }
    return .sha256(Hexadecimal.text((sha256 ?? SHA256Hash()).digest))
  }
}
