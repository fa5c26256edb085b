// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing
import JSON

/// The SHA-256 of a checkpoint's files, in parts that threads hash side by side.
struct CheckpointDigest: Hashable {
  // LIMIT: small enough for two threads to share a small model's files, large enough to hash in a run.
  static let partByteCount = 16 << 20

  /// A file's size and the hashes of its parts.
  struct File: Hashable {
    var byteCount: Int
    var parts: [String]
  }

  /// The files by their paths below the checkpoint.
  var files: [String: File]

  /// Hashes files.
  ///
  /// - Throws: `ComputeError` where one cannot be read.
  init(of paths: [String], below folder: String, pool: ThreadPool?) throws(ComputeError) {
    var files: [String: File] = [:]
    for path in paths {
      let region = try MemoryRegion(mapping: "\(folder)/\(path)")
      let count = (region.byteCount + Self.partByteCount - 1) / Self.partByteCount
      let results = (0..<count).map { _ in PartDigest() }
      let hash = { (part: Int, _: Int) in
        results[part].compute(region, from: part * Self.partByteCount)
      }
      if let pool {
        pool.run(chunkCount: count, hash)
      } else {
        for part in 0..<count { hash(part, 0) }
      }
      files[path] = File(byteCount: region.byteCount, parts: results.map(\.text))
    }
    self.files = files
  }

  /// Reads what `json` writes; nil where it is something else.
  init?(_ value: JSONValue) {
    guard let members = value["files"]?.object else { return nil }
    files = [:]
    for member in members {
      guard let byteCount = member.value["bytes"]?.integer,
        let parts = member.value["sha256"]?.array
      else { return nil }
      files[member.key] = File(byteCount: byteCount, parts: parts.compactMap(\.string))
    }
  }

  /// The files in the order of their paths.
  var json: JSONText {
    let members = files.sorted { $0.key < $1.key }.map { path, file -> (String, JSONText) in
      (
        path,
        .object([
          ("bytes", .integer(file.byteCount)), ("sha256", .array(file.parts.map(JSONText.string))),
        ])
      )
    }
    return .object([("part_bytes", .integer(Self.partByteCount)), ("files", .object(members))])
  }
}

/// The hash of one part; each is written by the one thread that computes it.
private final class PartDigest: @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: written once by the chunk that owns it, and read
  // after all chunks are done.
  private(set) var text = ""

  // LIMIT: a copy that stays in a core's cache costs next to nothing beside the hash.
  private static let copyByteCount = 64 << 10

  func compute(_ region: MemoryRegion, from offset: Int) {
    let end = min(offset + CheckpointDigest.partByteCount, region.byteCount)
    var hash = SHA256Hash()
    for start in stride(from: offset, to: end, by: Self.copyByteCount) {
      hash.update(region.copyBytes(start..<min(start + Self.copyByteCount, end)))
    }
    text = Hexadecimal.text(hash.digest)
  }
}
