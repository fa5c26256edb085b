// SPDX-License-Identifier: Apache-2.0

import Compute

extension LocalModels {
  /// Removes a model that was pulled, and what stopped pulls of it left.
  ///
  /// - Returns: The model that is gone; nil where there were only parts of one.
  /// - Throws: `HubError` with `nothingToRemove`, `ownedByOthers` for a folder that was not pulled,
  ///   or `busy`.
  public func remove(_ name: ModelName) throws(HubError) -> LocalModel? {
    let target = ownFolder(of: name)
    let own = own(name)
    if let own {
      guard own.origin == .pulled else { throw HubError(.ownedByOthers, place: own.folder) }
      guard own.has(revision: name.revision) else {
        throw HubError(.nothingToRemove, place: "\(name)")
      }
    } else if !StagingFolder.hasParts(of: target) {
      if let cached = try find(name, needing: .configuration) {
        throw HubError(.ownedByOthers, place: cached.folder)
      }
      throw HubError(.nothingToRemove, place: "\(name)")
    }
    let staging = try StagingFolder(target: target, place: "\(name)")
    defer { staging.close() }
    do { try staging.removeAll() } catch { throw HubError(.system(error), place: error.place) }
    return own
  }
}
