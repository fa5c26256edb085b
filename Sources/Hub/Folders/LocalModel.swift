// SPDX-License-Identifier: Apache-2.0

/// A model on this machine.
public struct LocalModel: Sendable, Hashable {
  /// Who put it there.
  public enum Origin: String, Sendable, Hashable {
    /// This program.
    case pulled
    /// Another program, in the cache that Hugging Face's programs share.
    case cache
    /// A person, who put a folder where this program keeps models.
    case placed
  }

  /// Who put it there.
  public let origin: Origin
  /// `organization/name`; of a placed folder its path below the models' folder.
  public let identifier: String
  /// The revision as it was asked for, where that is known.
  public let revision: String?
  /// The commit that it is, where that is known.
  public let commit: String?
  /// The folder to load it from.
  public let folder: String
  /// The files of the folder.
  public let fileCount: Int
  /// Their bytes.
  public let byteCount: Int

  /// Describes a folder that was pulled.
  init(_ record: ModelRecord, folder: String) {
    origin = .pulled
    identifier = record.model
    revision = record.revision
    commit = record.commit
    self.folder = folder
    fileCount = record.files.count
    byteCount = record.files.reduce(0) { $0 + $1.byteCount }
  }

  /// Describes a folder of others by what lies in it.
  init(
    _ origin: Origin,
    identifier: String,
    revision: String? = nil,
    commit: String? = nil,
    folder: String
  ) {
    self.origin = origin
    self.identifier = identifier
    self.revision = revision
    self.commit = commit
    self.folder = folder
    let files = DiskFolder.files(below: folder)
    fileCount = files.count
    byteCount = files.reduce(0) { $0 + (DiskFolder.byteCount(of: "\(folder)/\($1)") ?? 0) }
  }

  /// Whether it is what a revision asks for; no revision asks for none in particular.
  func has(revision wanted: String?) -> Bool {
    guard let wanted else { return true }
    // Git takes the beginning of a commit for the commit, from seven digits on.
    return wanted == revision
      || wanted.utf8.count >= 7 && commit?.hasPrefix(wanted) == true
  }
}
