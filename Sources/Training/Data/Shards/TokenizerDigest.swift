// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing

/// The hash by which shards know their tokenizer.
public enum TokenizerDigest {
  /// The SHA-256 of tokenizer.json, or of vocab.json and merges.txt one behind the other.
  ///
  /// - Parameter folder: The tokenizer's folder.
  /// - Throws: `DataError` where it holds neither.
  /// - Returns: 32 bytes.
  public static func bytes(ofFolder folder: String) throws(DataError) -> [UInt8] {
    do {
      let hasOne = try FileKind.of("\(folder)/tokenizer.json") != nil
      var hash = SHA256Hash()
      for name in hasOne ? ["tokenizer.json"] : ["vocab.json", "merges.txt"] {
        let region = try MemoryRegion(mapping: "\(folder)/\(name)")
        hash.update(region.copyBytes(0..<region.byteCount))
      }
      return hash.digest
    } catch { throw DataError(error) }
  }

  /// The same in hexadecimal.
  public static func text(ofFolder folder: String) throws(DataError) -> String {
    Hexadecimal.text(try bytes(ofFolder: folder))
  }
}
