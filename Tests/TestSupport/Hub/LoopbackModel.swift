// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// A model that a hub on loopback has.
public struct LoopbackModel: Sendable {
  /// A file of it, and what the hub says of the file.
  public struct File: Sendable {
    /// Where the bytes are.
    public enum Content: Sendable {
      /// In memory.
      case bytes([UInt8])
      /// On disk: a path and a count.
      case disk(String, byteCount: Int)
    }

    /// Its path in the repository.
    public var path: String
    /// Its bytes.
    public var content: Content
    /// Whether it is large for the hub: it then has a SHA-256 and lies on the storage host.
    public var isLarge: Bool
    /// The count that the hub claims.
    public var claimedByteCount: Int
    /// The hash that the hub claims.
    public var claimedHash: String

    /// Creates a file of which the hub says the truth.
    public init(_ path: String, _ bytes: [UInt8], isLarge: Bool = false) {
      self.path = path
      content = .bytes(bytes)
      self.isLarge = isLarge
      claimedByteCount = bytes.count
      claimedHash =
        isLarge
        ? Self.hexadecimal(SHA256.hash(data: bytes))
        : Self.hexadecimal(
          Insecure.SHA1.hash(data: Array("blob \(bytes.count)".utf8) + [0] + bytes)
        )
    }

    /// Creates a small file of a text.
    public init(_ path: String, _ text: String) { self.init(path, Array(text.utf8)) }

    /// Creates a large file that lies on disk.
    public init(_ path: String, onDisk place: String) throws {
      self.path = path
      var sha256 = SHA256()
      var byteCount = 0
      let handle = try DiskBytes(path: place)
      while let bytes = try handle.next() {
        sha256.update(data: bytes)
        byteCount += bytes.count
      }
      content = .disk(place, byteCount: byteCount)
      isLarge = true
      claimedByteCount = byteCount
      claimedHash = Self.hexadecimal(sha256.finalize())
    }

    /// How many bytes it has.
    public var byteCount: Int {
      switch content {
      case .bytes(let bytes): bytes.count
      case .disk(_, let byteCount): byteCount
      }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  /// `organization/name`.
  public var identifier: String
  /// The commit that all revisions stand for.
  public var commit: String
  /// The names of the commit.
  public var revisions: [String]
  /// Its files.
  public var files: [File]

  /// Creates a model.
  public init(
    _ identifier: String = "org/name",
    commit: String = String(repeating: "0123456789", count: 4),
    revisions: [String] = ["main"],
    files: [File]
  ) {
    self.identifier = identifier
    self.commit = commit
    self.revisions = revisions
    self.files = files
  }

  /// A model of a few small files and one large one of so many bytes.
  public static func sample(
    _ identifier: String = "org/name",
    weightByteCount: Int = 100_000,
    seed: UInt64 = 1
  ) -> LoopbackModel {
    LoopbackModel(
      identifier,
      files: [
        File("README.md", "# A model"),
        File("config.json", #"{"architectures":["LlamaForCausalLM"]}"#),
        File("model.safetensors", randomBytes(weightByteCount, seed: seed), isLarge: true),
        File("tokenizer.json", "{}"),
      ]
    )
  }

  /// The bytes of a file in memory; none for another.
  public func bytes(_ path: String) -> [UInt8] {
    for file in files where file.path == path {
      if case .bytes(let bytes) = file.content { return bytes }
    }
    return []
  }

  /// Bytes that nobody can guess and everybody can make again.
  public static func randomBytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      let word = generator.next()
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return Array(bytes.prefix(count))
  }
}
