// SPDX-License-Identifier: Apache-2.0

import Compute

/// Where a model grows before anyone sees it: a hidden folder beside its place, on the same disk.
///
/// `parts` holds files that are not known to be whole, each with `.part` at its end: what a stopped
/// pull leaves, and the next one goes on with. `whole` is the model's folder as it is put together,
/// and `old` the one that it replaces; both exist for a moment only.
struct StagingFolder: Sendable {
  /// The model's own folder.
  let target: String
  private let folder: String
  private let lock: FolderLock

  /// Takes the folder for one pull, and clears away what a killed one left beside its parts.
  ///
  /// - Throws: `HubError` with `busy` where another pull is at work, or where nothing can be
  ///   created.
  init(target: String, place: String) throws(HubError) {
    self.target = target
    folder = Self.folder(for: target)
    lock = try FolderLock(folder: folder, place: place)
    do throws(ComputeError) {
      if DiskFolder.exists("\(folder)/old"), !DiskFolder.exists(target) {
        // It was stopped between two renames: the old model is the one that there is.
        try DiskFolder.rename("\(folder)/old", to: target)
      }
      try DiskFolder.remove("\(folder)/old")
      try DiskFolder.remove("\(folder)/whole")
    } catch {
      throw HubError(.system(error), place: place)
    }
  }

  /// Where a file's bytes gather.
  func part(of file: HubFile) -> String { "\(folder)/parts/\(file.path).part" }

  /// How many bytes of a file an earlier pull left.
  func partByteCount(of file: HubFile) -> Int {
    let count = DiskFolder.byteCount(of: part(of: file)) ?? 0
    return count <= file.byteCount ? count : 0
  }

  /// Creates the folder of a file's part.
  func makeRoom(for file: HubFile) throws(ComputeError) {
    let path = part(of: file)
    try FolderCreation.ensure(DiskFolder.parent(of: path) ?? folder)
    // A second name is that of a file in use, which must not be written to.
    if DiskFolder.linkCount(of: path) > 1 { try DiskFolder.remove(path) }
  }

  /// Puts the model in its place: all of it at once.
  ///
  /// - Parameters:
  ///   - record: What the folder will hold.
  ///   - kept: Those of its files that are taken from the folder that it replaces.
  /// - Throws: `ComputeError` where the disk refuses; the next pull finds the parts again.
  func commit(_ record: ModelRecord, keeping kept: Set<HubFile>) throws(ComputeError) {
    let whole = "\(folder)/whole"
    try FolderCreation.ensure(whole)
    for file in record.files {
      let path = "\(whole)/\(file.path)"
      try FolderCreation.ensure(DiskFolder.parent(of: path) ?? whole)
      try DiskFolder.linkOrMove(
        kept.contains(file) ? "\(target)/\(file.path)" : part(of: file),
        to: path
      )
    }
    try record.write(to: whole)
    if DiskFolder.exists(target) { try DiskFolder.rename(target, to: "\(folder)/old") }
    try DiskFolder.rename(whole, to: target)
    try DiskFolder.remove("\(folder)/old")
    try DiskFolder.remove("\(folder)/parts")
  }

  /// Removes the model and all that pulls left of it.
  func removeAll() throws(ComputeError) {
    if DiskFolder.exists(target) { try DiskFolder.rename(target, to: "\(folder)/old") }
    try DiskFolder.remove("\(folder)/old")
    try DiskFolder.remove("\(folder)/parts")
  }

  /// Whether an earlier pull of a model was stopped.
  static func hasParts(of target: String) -> Bool {
    DiskFolder.exists("\(folder(for: target))/parts")
  }

  private static func folder(for target: String) -> String {
    let name = target.split(separator: "/").last ?? ""
    return "\(DiskFolder.parent(of: target) ?? ".")/.\(name).pull"
  }

  /// Removes the folders that hold nothing; parts stay.
  func close() {
    DiskFolder.removeEmpty(folder)
    if let organization = DiskFolder.parent(of: folder) { DiskFolder.removeIfEmpty(organization) }
  }
}
