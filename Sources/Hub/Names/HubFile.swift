// SPDX-License-Identifier: Apache-2.0

/// A file of a model as the hub lists it.
public struct HubFile: Sendable, Hashable {
  /// Its place below the model's folder.
  public let path: String
  /// How many bytes the hub promises.
  public let byteCount: Int
  /// The hash that its bytes must have.
  public let digest: ContentDigest

  /// Describes a file.
  package init(path: String, byteCount: Int, digest: ContentDigest) {
    self.path = path
    self.byteCount = byteCount
    self.digest = digest
  }
}

/// What a hub knows of a file's bytes.
public enum ContentDigest: Sendable, Hashable {
  /// SHA-256 of the bytes, in lower-case hex: large files.
  case sha256(String)
  /// SHA-1 of the bytes as git stores them, after `blob`, their count and a NUL: small files.
  case gitBlob(String)

  /// The hash in lower-case hex.
  public var hexadecimal: String {
    switch self {
    case .sha256(let text), .gitBlob(let text): text
    }
  }

  /// What the hash is called.
  public var algorithm: String {
    switch self {
    case .sha256: "sha256"
    case .gitBlob: "git-sha1"
    }
  }

  /// Reads a hash by the name of its algorithm; nil where either is no such thing.
  package init?(algorithm: String, hexadecimal: String) {
    let digits = hexadecimal.utf8
    guard digits.allSatisfy(Self.isDigit) else { return nil }
    switch (algorithm, digits.count) {
    case ("sha256", 64): self = .sha256(hexadecimal)
    case ("git-sha1", 40): self = .gitBlob(hexadecimal)
    default: return nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}
