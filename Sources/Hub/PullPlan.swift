// SPDX-License-Identifier: Apache-2.0

/// What a pull will do, known before the first byte of a file is asked for.
public struct PullPlan: Sendable {
  /// What there is to do.
  enum Work: Sendable {
    /// Nothing: the model is here.
    case none(LocalModel)
    /// Files are to be fetched or put together.
    case fetch(StagingFolder)
  }

  /// The model that is pulled.
  public let name: ModelName
  /// The commit that its revision stands for; nil where that is not known.
  public let commit: String?
  /// The files that the folder will hold.
  public let files: [HubFile]
  /// Those of them that are here already.
  let kept: Set<HubFile>
  /// Whether the files that are here are not to be taken at their word.
  let isForced: Bool
  let work: Work
  /// Bytes of all files.
  public let byteCount: Int
  /// Bytes that will come over the network.
  public let missingByteCount: Int

  init(
    name: ModelName,
    commit: String?,
    files: [HubFile],
    kept: Set<HubFile>,
    isForced: Bool,
    work: Work
  ) {
    self.name = name
    self.commit = commit
    self.files = files
    self.kept = kept
    self.isForced = isForced
    self.work = work
    byteCount = files.reduce(0) { $0 + $1.byteCount }
    missingByteCount =
      switch work {
      case .none: 0
      case .fetch(let staging):
        files.filter { !kept.contains($0) }
          .reduce(0) { $0 + $1.byteCount - staging.partByteCount(of: $1) }
      }
  }

  /// The model, where there is nothing to do.
  public var presentModel: LocalModel? {
    if case .none(let model) = work { return model }
    return nil
  }

  /// Bytes of the weights: what a machine needs in memory to run the model quickly.
  public var weightByteCount: Int {
    files.filter { $0.path.hasSuffix(".safetensors") || $0.path.hasSuffix(".bin") }
      .reduce(0) { $0 + $1.byteCount }
  }
}

/// What became of one file of a pull.
public struct PulledFile: Sendable, Hashable {
  /// Whether bytes came over the network.
  public enum State: String, Sendable, Hashable {
    /// It came, in part at least.
    case fetched
    /// It was here.
    case present
  }

  /// The file.
  public let file: HubFile
  /// Whether it came.
  public let state: State
}
