// SPDX-License-Identifier: Apache-2.0

public import Compute
public import JSON

/// A model folder in the layout of Hugging Face: `config.json` beside `model.safetensors`, or beside
/// shards and `model.safetensors.index.json`; where there is neither, `pytorch_model.bin` or its
/// shards.
public struct CheckpointFolder: TensorSource {
  /// The folder.
  public let path: String
  /// The names of all tensors, sorted; where there is an index, the names that it lists.
  public let names: [String]
  /// For a folder of shards, the file of each tensor that the index names.
  private let fileOfTensor: [String: Int]?
  private let layout: WeightLayout
  private let opened: [WeightLayout.File]

  /// Opens the weights of a folder: maps its files and checks their headers.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `CheckpointError` where the folder or its weights are absent, broken or in a format
  ///   that cannot be read.
  public init(path: String) throws(CheckpointError) {
    try Self.checkFolder(path)
    self.path = path
    layout = try Self.layout(of: path)
    if layout.isIndex {
      (opened, fileOfTensor) = try Self.shards(of: path, layout)
    } else {
      opened = [try layout.open(layout.fileName, in: path)]
      fileOfTensor = nil
    }
    names = fileOfTensor?.keys.sorted() ?? opened[0].source.names
  }

  private init(_ other: CheckpointFolder, opened: [WeightLayout.File]) {
    path = other.path
    names = other.names
    fileOfTensor = other.fileOfTensor
    layout = other.layout
    self.opened = opened
  }

  /// The weights' files, in the order of their names.
  public var files: [any TensorSource] { opened.map(\.source) }

  /// Copies the weights to memory of the process, on huge pages where the system has some.
  ///
  /// - Parameter pool: The threads that copy.
  /// - Returns: The same checkpoint.
  /// - Throws: `CheckpointError` if memory cannot be had.
  public func resident(copyingWith pool: ThreadPool) throws(CheckpointError) -> CheckpointFolder {
    var copies: [WeightLayout.File] = []
    for file in opened {
      let label = file.source.label
      let copy: MemoryRegion
      do { copy = try MemoryRegion(copying: file.region, with: pool) } catch {
        throw CheckpointError(.system(error), file: label)
      }
      copies.append(try layout.open(copy, label: label))
    }
    return CheckpointFolder(self, opened: copies)
  }

  /// What errors call the folder.
  public var label: String { path }

  /// The tensor with this name, nil if the checkpoint has none.
  public func tensor(_ name: String) -> Tensor? {
    guard let fileOfTensor else { return opened[0].source.tensor(name) }
    return fileOfTensor[name].flatMap { opened[$0].source.tensor(name) }
  }

  /// The file that holds the tensor.
  public func file(of name: String) -> String? {
    guard let fileOfTensor else { return opened[0].source.file(of: name) }
    return fileOfTensor[name].map { opened[$0].source.label }
  }

  /// Maps the pages of the weights, from the first file on, until it is told to stop.
  ///
  /// The first pass over the weights does so anyway; this is for a thread that would wait.
  public func touchWeights(while isWanted: () -> Bool) {
    // LIMIT: what takes less than a millisecond from the page cache.
    let extent = 4 << 20
    for region in opened.map(\.region) {
      for start in stride(from: 0, to: region.byteCount, by: extent) {
        guard isWanted() else { return }
        region.touch(start..<min(start + extent, region.byteCount))
      }
    }
  }

  /// Whether a file of this name holds weights in any format, or says which file does.
  public static func isWeightFile(_ name: String) -> Bool {
    WeightFormat(fileName: name) != nil || name.hasSuffix(".safetensors.index.json")
      || WeightFormat.foreignEndings.contains { name.lowercased().hasSuffix($0) }
  }

  /// Reads `config.json`.
  ///
  /// - Throws: `CheckpointError` where it is absent or no JSON.
  public func configuration() throws(CheckpointError) -> JSONDocument {
    try Self.configuration(inFolder: path)
  }

  /// Reads the `config.json` of a folder whose weights need not be there.
  ///
  /// - Throws: `CheckpointError` where the folder or the file is absent, or the file is no JSON.
  public static func configuration(inFolder path: String) throws(CheckpointError) -> JSONDocument {
    try checkFolder(path)
    return try ConfigurationFile.read("\(path)/config.json", label: "config.json")
  }

  private static func checkFolder(_ path: String) throws(CheckpointError) {
    // The name alone decides: such a path is meant as weights, whether they are there or not.
    if let format = WeightFormat(fileName: path), format == .gguf || format == .otherPickle {
      throw CheckpointError(.unsupportedFormat(format.rawValue), file: path)
    }
    switch try kind(path) {
    case nil: throw CheckpointError(.noSuchFolder, file: path)
    case .folder: return
    default: throw CheckpointError(.notAFolder, file: path)
    }
  }

  /// The layout of a folder's weights; safetensors where there are several.
  private static func layout(of path: String) throws(CheckpointError) -> WeightLayout {
    for layout in WeightLayout.allCases where try exists("\(path)/\(layout.fileName)") {
      return layout
    }
    throw try noReadableWeights(in: path)
  }

  private static func shards(
    of path: String,
    _ layout: WeightLayout
  ) throws(CheckpointError) -> ([WeightLayout.File], [String: Int]) {
    let indexName = layout.fileName
    let index = try ShardIndex(indexDocument(of: path, indexName), file: indexName)
    for (number, shard) in index.shards.enumerated() where try !exists("\(path)/\(shard)") {
      let tensor = index.shardOfTensor.filter { $0.value == number }.keys.min()
      throw CheckpointError(.missingShard(shard), file: indexName, tensor: tensor)
    }
    var files: [WeightLayout.File] = []
    files.reserveCapacity(index.shards.count)
    for shard in index.shards {
      files.append(try layout.open(shard, in: path))
    }
    var stray: String?
    for (name, number) in index.shardOfTensor where files[number].source.tensor(name) == nil {
      stray = min(name, stray ?? name)
    }
    if let stray {
      let shard = index.shardOfTensor[stray].map { index.shards[$0] } ?? ""
      throw CheckpointError(
        .indexTensorNotInShard(shard),
        file: indexName,
        tensor: stray
      )
    }
    return (files, index.shardOfTensor)
  }

  private static func indexDocument(
    of path: String,
    _ name: String
  ) throws(CheckpointError) -> JSONDocument {
    do {
      return try ConfigurationFile.read("\(path)/\(name)", label: name)
    } catch {
      switch error.reason {
      case .configNotJSON(let cause), .configTooDeep(let cause):
        throw CheckpointError(
          .indexInvalid("\(cause.what), line \(cause.line), byte \(cause.offset)"),
          file: name
        )
      default: throw error
      }
    }
  }

  /// What to say of a folder without weights of a known name: another format, or nothing at all.
  private static func noReadableWeights(
    in path: String
  ) throws(CheckpointError) -> CheckpointError {
    let names: [String]
    do { names = try FileKind.names(inFolder: path) } catch {
      throw CheckpointError(.system(error), file: path)
    }
    for name in names {
      switch WeightFormat(fileName: name) {
      case nil: continue
      case .safetensors?, .pickle?:
        let index: WeightLayout =
          name.hasSuffix(".safetensors") ? .safetensorsIndex : .pickleIndex
        return CheckpointError(.missingFile, file: "\(index.fileName), beside \(name)")
      case let format?: return CheckpointError(.unsupportedFormat(format.rawValue), file: name)
      }
    }
    return CheckpointError(.noWeights, file: path)
  }

  private static func exists(_ path: String) throws(CheckpointError) -> Bool {
    try kind(path) != nil
  }

  private static func kind(_ path: String) throws(CheckpointError) -> FileKind? {
    do { return try FileKind.of(path) } catch {
      throw CheckpointError(.system(error), file: path)
    }
  }
}
