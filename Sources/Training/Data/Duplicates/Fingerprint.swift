// SPDX-License-Identifier: Apache-2.0

import Hashing

/// What is known of a document before it is decided about.
struct Fingerprint: Sendable {
  /// The SHA-256 of the document's text, white space made equal.
  let digest: DocumentDigest
  /// The hashes of its bands; empty where nearness plays no part.
  let bands: [UInt64]

  init(of document: Document, _ minimumHash: MinimumHash?) {
    let bytes = ComparableText.bytes(of: document)
    digest = DocumentDigest(of: bytes)
    bands = minimumHash?.bands(of: Shingles(of: bytes)) ?? []
  }
}

/// The first half of a document's SHA-256: what tells it from others, and where it goes.
public struct DocumentDigest: Sendable, Hashable {
  /// How many bytes a shard keeps.
  static let byteCount = 16

  /// The bytes as two numbers, the first byte highest.
  let high: UInt64
  let low: UInt64

  init(of text: [UInt8]) { self.init(SHA256Hash.digest(of: text)[...]) }

  init(_ bytes: ArraySlice<UInt8>) {
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }

  /// The bytes in hexadecimal.
  public var hexadecimal: String { Hexadecimal.text(bytes) }

  /// Whether the document belongs to a share of all: the same document always does, whatever others
  /// there are.
  func isWithin(share: Double) -> Bool { Double(high >> 11) * 0x1p-53 < share }
}
