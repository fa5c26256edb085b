// SPDX-License-Identifier: Apache-2.0

public import Compute
public import JSON

/// A model folder in the layout of Hugging Face: `config.json` beside `model.safetensors`, or beside
/// shards and `model.safetensors.index.json`.
public struct CheckpointFolder: TensorSource {
  /// The folder.
  public let path: String
  /// The weights' files, in the order of their names.
  public let files: [SafetensorsFile]
  /// The names of all tensors, sorted; where there is an index, the names that it lists.
  public let names: [String]
  /// For a folder of shards, the file of each tensor that the index names.
  private let fileOfTensor: [String: Int]?

  /// Opens the weights of a folder: maps its files and checks their headers.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `CheckpointError` where the folder or its weights are absent, broken or in a format
  ///   that cannot be read.
  public init(path: String) throws(CheckpointError) {
    try Self.checkFolder(path)
    self.path = path
    if try Self.exists("\(path)/model.safetensors") {
      files = [
        try SafetensorsFile(path: "\(path)/model.safetensors", label: "model.safetensors")
      ]
      fileOfTensor = nil
    } else if try Self.exists("\(path)/\(ShardIndex.fileName)") {
      (files, fileOfTensor) = try Self.shards(of: path)
    } else {
      throw try Self.noReadableWeights(in: path)
    }
    names = fileOfTensor?.keys.sorted() ?? files[0].names
  }

  private init(_ other: CheckpointFolder, files: [SafetensorsFile]) {
    path = other.path
    self.files = files
    names = other.names
    fileOfTensor = other.fileOfTensor
  }

  /// Copies the weights to memory of the process, on huge pages where the system has some.
  ///
  /// - Parameter pool: The threads that copy.
  /// - Returns: The same checkpoint.
  /// - Throws: `CheckpointError` if memory cannot be had.
  public func resident(copyingWith pool: ThreadPool) throws(CheckpointError) -> CheckpointFolder {
    var copies: [SafetensorsFile] = []
    for file in files {
      let copy: MemoryRegion
      do { copy = try MemoryRegion(copying: file.region, with: pool) } catch {
        throw CheckpointError(.system(error), file: file.label)
      }
      copies.append(try SafetensorsFile(region: copy, label: file.label))
    }
    return CheckpointFolder(self, files: copies)
  }

  /// What errors call the folder.
  public var label: String { path }

  /// The tensor with this name, nil if the checkpoint has none.
  public func tensor(_ name: String) -> Tensor? {
    guard let fileOfTensor else { return files[0].tensor(name) }
    return fileOfTensor[name].flatMap { files[$0].tensor(name) }
  }

  /// The file that holds the tensor.
  public func file(of name: String) -> String? {
    guard let fileOfTensor else { return files[0].file(of: name) }
    return fileOfTensor[name].map { files[$0].label }
  }

  /// Maps the pages of the weights, from the first file on, until it is told to stop.
  ///
  /// The first pass over the weights does so anyway; this is for a thread that would wait.
  public func touchWeights(while isWanted: () -> Bool) {
    // LIMIT: what takes less than a millisecond from the page cache.
    let extent = 4 << 20
    for file in files {
      for start in stride(from: 0, to: file.region.byteCount, by: extent) {
        guard isWanted() else { return }
        file.region.touch(start..<min(start + extent, file.region.byteCount))
      }
    }
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
    if let format = WeightFormat(fileName: path), format != .safetensors {
      throw CheckpointError(.unsupportedFormat(format.rawValue), file: path)
    }
    switch try kind(path) {
    case nil: throw CheckpointError(.noSuchFolder, file: path)
    case .folder: return
    default: throw CheckpointError(.notAFolder, file: path)
    }
  }

  private static func shards(
    of path: String
  ) throws(CheckpointError) -> ([SafetensorsFile], [String: Int]) {
    let index = try ShardIndex(indexDocument(of: path))
    for (number, shard) in index.shards.enumerated() where try !exists("\(path)/\(shard)") {
      let tensor = index.shardOfTensor.filter { $0.value == number }.keys.min()
      throw CheckpointError(.missingShard(shard), file: ShardIndex.fileName, tensor: tensor)
    }
    var files: [SafetensorsFile] = []
    files.reserveCapacity(index.shards.count)
    for shard in index.shards {
      files.append(try SafetensorsFile(path: "\(path)/\(shard)", label: shard))
    }
    var stray: String?
    for (name, number) in index.shardOfTensor where files[number].tensor(name) == nil {
      stray = min(name, stray ?? name)
    }
    if let stray {
      let shard = index.shardOfTensor[stray].map { index.shards[$0] } ?? ""
      throw CheckpointError(
        .indexTensorNotInShard(shard),
        file: ShardIndex.fileName,
        tensor: stray
      )
    }
    return (files, index.shardOfTensor)
  }

  private static func indexDocument(of path: String) throws(CheckpointError) -> JSONDocument {
    do {
      return try ConfigurationFile.read(
        "\(path)/\(ShardIndex.fileName)",
        label: ShardIndex.fileName
      )
    } catch {
      switch error.reason {
      case .configNotJSON(let cause), .configTooDeep(let cause):
        throw CheckpointError(
          .indexInvalid("\(cause.what), line \(cause.line), byte \(cause.offset)"),
          file: ShardIndex.fileName
        )
      default: throw error
      }
    }
  }

  /// What to say of a folder without safetensors: another format, or nothing at all.
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
      case .safetensors:
        return CheckpointError(.missingFile, file: "\(ShardIndex.fileName), beside \(name)")
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
