// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// What a pull leaves beside a model's files: where they come from, and what they are.
struct ModelRecord: Sendable, Hashable {
  /// The name of the record; no hub's file may have it.
  static let fileName = ".hadal.json"

  /// `organization/name`.
  var model: String
  var endpoint: String
  /// The revision as it was asked for.
  var revision: String
  /// The commit that it stood for.
  var commit: String
  /// When it was pulled, RFC 3339.
  var time: String
  /// All files of the model's folder, in the order of their paths.
  var files: [HubFile]

  /// Reads the record of a folder; nil where there is none, or none that can be read.
  init?(folder: String) {
    // LIMIT: some 200 bytes a file, and no model has 100,000 files.
    guard let region = try? MemoryRegion(mapping: "\(folder)/\(Self.fileName)"),
      region.byteCount <= 32 << 20,
      let root = (try? JSONDocument(region.copyBytes(0..<region.byteCount)))?.root,
      root["version"]?.integer == 1,
      let model = root["model"]?.string, let revision = root["revision"]?.string,
      let commit = root["commit"]?.string, let entries = root["files"]?.array
    else { return nil }
    self.model = model
    self.revision = revision
    self.commit = commit
    endpoint = root["endpoint"]?.string ?? ""
    time = root["time"]?.string ?? ""
    files = []
    for entry in entries {
      guard let path = entry["path"]?.string, RepositoryPath.isSafe(path),
        let byteCount = entry["bytes"]?.integer, byteCount >= 0,
        let digest = Self.digest(entry)
      else { return nil }
      files.append(HubFile(path: path, byteCount: byteCount, digest: digest))
    }
  }

  init(
    model: String,
    endpoint: String,
    revision: String,
    commit: String,
    time: String,
    files: [HubFile]
  ) {
    self.model = model
    self.endpoint = endpoint
    self.revision = revision
    self.commit = commit
    self.time = time
    self.files = files
  }

  /// Writes the record into a folder.
  func write(to folder: String) throws(ComputeError) {
    let writer = try FileWriter(path: "\(folder)/\(Self.fileName)")
    try writer.write(Array((json.text + "\n").utf8))
    // The disk is not waited for: it would have to write all of the model first. After a power failure
    // a forced pull tells what has reached it.
    try writer.commit(flushes: false)
  }

  private var json: JSONText {
    .object([
      ("version", .integer(1)), ("model", .string(model)), ("endpoint", .string(endpoint)),
      ("revision", .string(revision)), ("commit", .string(commit)), ("time", .string(time)),
      (
        "files",
        .array(
          files.map { file in
            .object([
              ("path", .string(file.path)), ("bytes", .integer(file.byteCount)),
              (file.digest.algorithm, .string(file.digest.hexadecimal)),
            ])
          }
        )
      ),
    ])
  }

  private static func digest(_ entry: JSONValue) -> ContentDigest? {
    for algorithm in ["sha256", "git-sha1"] {
      if let text = entry[algorithm]?.string {
        return ContentDigest(algorithm: algorithm, hexadecimal: text)
      }
    }
    return nil
  }
}
