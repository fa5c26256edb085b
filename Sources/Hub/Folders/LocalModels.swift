// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// The models on this machine: those that were pulled, and those in caches of other programs.
public struct LocalModels: Sendable {
  /// What a folder must hold to serve a command.
  public enum Need: Sendable, Hashable {
    /// Configuration and weights, every shard of them.
    case weights
    /// The files of a tokenizer.
    case tokenizer
    /// A configuration, whatever else is there.
    case configuration
  }

  private let modelFolder: String
  private let caches: [HuggingFaceCache]

  /// Looks where the settings say.
  public init(_ settings: HubSettings) {
    modelFolder = settings.modelFolder
    caches = settings.cacheFolders.map(HuggingFaceCache.init)
  }

  /// Finds the folder of a model.
  ///
  /// What was pulled comes first, then caches. A folder of our own is given even where it lacks
  /// something, so that its reader can say what. Of a cache only a whole model is: other programs
  /// often fetch no more than a tokenizer.
  ///
  /// - Returns: The model, nil where it is not here.
  /// - Throws: `HubError` with `otherRevision` where only another revision was pulled.
  public func find(_ name: ModelName, needing need: Need) throws(HubError) -> LocalModel? {
    let own = own(name)
    let fitting = own.flatMap { $0.has(revision: name.revision) ? $0 : nil }
    if let fitting, Self.serves(fitting.folder, need) { return fitting }
    for cache in caches {
      let models = cache.snapshots(of: name)
      if let whole = models.first(where: { Self.serves($0.folder, need) }) { return whole }
    }
    if fitting == nil, let other = own?.revision {
      throw HubError(.otherRevision(other), place: "\(name)")
    }
    return fitting
  }

  /// All models, those that were pulled first, each group in the order of names.
  public func all() -> [LocalModel] {
    var models: [LocalModel] = []
    for organization in Self.folders(in: modelFolder) {
      if DiskFolder.byteCount(of: "\(modelFolder)/\(organization)/config.json") != nil {
        models.append(
          LocalModel(
            .placed,
            identifier: organization,
            folder: "\(modelFolder)/\(organization)"
          )
        )
        continue
      }
      for repository in Self.folders(in: "\(modelFolder)/\(organization)") {
        guard let name = ModelName("\(organization)/\(repository)"), let model = own(name) else {
          continue
        }
        models.append(model)
      }
    }
    return models + caches.flatMap { $0.models() }
  }

  /// The model in this program's own folder.
  func own(_ name: ModelName) -> LocalModel? {
    let folder = ownFolder(of: name)
    guard DiskFolder.isFolder(folder) else { return nil }
    if let record = ModelRecord(folder: folder) { return LocalModel(record, folder: folder) }
    return LocalModel(.placed, identifier: name.identifier, folder: folder)
  }

  /// Where this program keeps a model.
  func ownFolder(of name: ModelName) -> String { "\(modelFolder)/\(name.identifier)" }

  /// The snapshot of a commit in a cache that holds given files, nil where none has all of them.
  func cached(_ name: ModelName, commit: String, holding files: [HubFile]) -> LocalModel? {
    var exact = name
    exact.revision = commit
    return caches.lazy.flatMap { $0.snapshots(of: exact) }.first { model in
      model.commit == commit
        && files.allSatisfy { file in
          DiskFolder.byteCount(of: "\(model.folder)/\(file.path)") == file.byteCount
        }
    }
  }

  private static func folders(in folder: String) -> [String] {
    let names = (try? FileKind.names(inFolder: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") && DiskFolder.isFolder("\(folder)/\($0)") }
  }

  private static func serves(_ folder: String, _ need: Need) -> Bool {
    func has(_ file: String) -> Bool { DiskFolder.byteCount(of: "\(folder)/\(file)") != nil }
    switch need {
    case .configuration: return has("config.json")
    case .tokenizer: return has("tokenizer.json") || has("vocab.json") && has("merges.txt")
    case .weights:
      guard has("config.json") else { return false }
      return has("model.safetensors") || has("pytorch_model.bin")
        || hasShards("model.safetensors.index.json", in: folder)
        || hasShards("pytorch_model.bin.index.json", in: folder)
    }
  }

  /// Whether every shard that an index names lies beside it.
  private static func hasShards(_ index: String, in folder: String) -> Bool {
    guard let region = try? MemoryRegion(mapping: "\(folder)/\(index)"),
      region.byteCount < 100_000_000,
      let document = try? JSONDocument(region.copyBytes(0..<region.byteCount)),
      let members = document.root["weight_map"]?.object, members.count > 0
    else { return false }
    var shards: Set<String> = []
    for member in members { shards.insert(member.value.string ?? "") }
    return shards.allSatisfy { shard in
      RepositoryPath.isSafe(shard) && DiskFolder.byteCount(of: "\(folder)/\(shard)") != nil
    }
  }
}
