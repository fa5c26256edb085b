// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing

/// The hash by which rows and labels name a model's weights.
///
/// It is the SHA-256 of the one file of weights, as `sha256sum` prints it; where there are several, that
/// of the lines that `sha256sum` prints for them in the order of their names.
enum WeightsDigest {
  // LIMIT: hashed in a fraction of a second, so that a row of an answer has it for a small model.
  private static let quickByteCount = 64 << 20
  // LIMIT: a copy that stays in a core's cache costs next to nothing beside the hash.
  private static let pieceByteCount = 64 << 10

  /// Hashes the weights of a folder.
  ///
  /// - Parameters:
  ///   - folder: The model's folder.
  ///   - quickly: Whether to leave it where it takes long.
  /// - Throws: `ComputeError` where a file cannot be read.
  /// - Returns: The digits; nil where the folder holds no file that is known, or it takes long.
  static func text(ofFolder folder: String, quickly: Bool = false) throws -> String? {
    let names = try names(inFolder: folder)
    let regions = try names.map { try MemoryRegion(mapping: "\(folder)/\($0)") }
    guard !names.isEmpty else { return nil }
    if quickly, regions.reduce(0, { $0 + $1.byteCount }) > quickByteCount { return nil }
    let digests = try regions.map(digest)
    guard digests.count > 1 else { return digests[0] }
    let lines = zip(digests, names).map { "\($0)  \($1)\n" }.joined()
    return Hexadecimal.text(SHA256Hash.digest(of: Array(lines.utf8)))
  }

  /// The files of weights: safetensors, else pickled ones.
  private static func names(inFolder folder: String) throws -> [String] {
    let names = try FileKind.names(inFolder: folder)
    let safetensors = names.filter { $0.hasSuffix(".safetensors") }
    guard safetensors.isEmpty else { return safetensors }
    return names.filter { $0.hasPrefix("pytorch_model") && $0.hasSuffix(".bin") }
  }

  private static func digest(_ region: MemoryRegion) throws -> String {
    var hash = SHA256Hash()
    for start in stride(from: 0, to: region.byteCount, by: pieceByteCount) {
      try Interruption.check()
      hash.update(region.copyBytes(start..<min(start + pieceByteCount, region.byteCount)))
    }
    return Hexadecimal.text(hash.digest)
  }
}
