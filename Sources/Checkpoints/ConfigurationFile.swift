// SPDX-License-Identifier: Apache-2.0

public import Compute
public import JSON

/// Reads the JSON files beside the weights.
public enum ConfigurationFile {
  // LIMIT: published files nest at most about 6 levels.
  static let depthLimit = 64

  /// Reads a JSON file whole.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - label: What errors call it; the path where nil.
  /// - Throws: `CheckpointError` where it is absent, cannot be read or is no JSON.
  /// - Returns: The parsed file.
  public static func read(
    _ path: String,
    label: String? = nil
  ) throws(CheckpointError) -> JSONDocument {
    let label = label ?? path
    var region: MemoryRegion?
    do throws(ComputeError) {
      if try FileKind.of(path) != nil { region = try MemoryRegion(mapping: path) }
    } catch {
      throw CheckpointError(.system(error), file: label)
    }
    guard let region else { throw CheckpointError(.missingFile, file: label) }
    return try parse(region, label: label)
  }

  /// Parses JSON that is in memory.
  ///
  /// - Parameters:
  ///   - region: The text.
  ///   - label: What errors call it.
  /// - Throws: `CheckpointError` where it is no JSON.
  /// - Returns: The parsed text.
  public static func parse(
    _ region: MemoryRegion,
    label: String
  ) throws(CheckpointError) -> JSONDocument {
    let limits = JSONDocument.Limits(depth: depthLimit)
    do throws(JSONError) {
      // The length is checked before the bytes are copied.
      guard region.byteCount <= limits.byteCount else {
        throw JSONError(reason: .tooLong(limit: limits.byteCount), offset: 0, line: 1)
      }
      return try JSONDocument(region.copyBytes(0..<region.byteCount), limits: limits)
    } catch {
      var error = error
      error.file = label
      if case .tooDeep = error.reason {
        throw CheckpointError(.configTooDeep(error), file: label)
      }
      throw CheckpointError(.configNotJSON(error), file: label)
    }
  }
}
