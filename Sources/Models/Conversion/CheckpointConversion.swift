// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
import Compute
import JSON

/// Writes a checkpoint again with its matrices in another element type, in the published layout.
///
/// Tensor by tensor, and of each a few rows at a time: the weights never lie in memory at once.
/// Nothing is at the target's path before all of it is.
public struct CheckpointConversion {
  /// What matrices become.
  public enum Target: String, CaseIterable, Sendable {
    /// The projections of layers as E4M3 in blocks of 128 × 128, with `weight_scale_inv` beside
    /// them, as DeepSeek-V3 is published.
    case fp8
    /// Projections, embedding and head as BF16.
    case bf16
  }

  /// A file of the result.
  public struct File: Sendable, Hashable {
    /// Its name in the folder.
    public var name: String
    /// How many bytes its tensors take.
    public var byteCount: Int
    /// Its tensors, scales included.
    public var tensorCount: Int
  }

  // LIMIT: as published checkpoints are cut.
  private static let shardByteCount = 5_000_000_000

  /// What matrices become.
  public let target: Target
  /// The files of weights, in the order in which they are written.
  public let files: [File]
  private let folder: CheckpointFolder
  private let shards: [[ConvertedTensor]]
  private let copied: CopiedFiles

  /// Plans a conversion; no weight is read.
  ///
  /// - Parameters:
  ///   - folder: The checkpoint.
  ///   - target: What its matrices become.
  ///   - shardByteCount: Where a file of weights ends; nil for what is published.
  /// - Throws: A `DiagnosableError` where the checkpoint cannot be loaded.
  public init(
    of folder: CheckpointFolder,
    to target: Target,
    shardByteCount: Int? = nil
  ) throws {
    let architecture = try Architecture(configuration: folder.configuration().root)
    let check = CheckpointCheck(folder, architecture)
    try check.requireLoadable()
    self.folder = folder
    self.target = target
    copied = try CopiedFiles(of: folder.path)
    let tensors = ConvertedTensor.all(of: folder, check.plan, target: target)
    shards = Self.shards(of: tensors, byteCount: shardByteCount ?? Self.shardByteCount)
    let count = shards.count
    files = shards.enumerated().map { index, tensors in
      File(
        name: count == 1 ? "model.safetensors" : Self.shardName(index + 1, of: count),
        byteCount: tensors.reduce(0) { $0 + $1.byteCount },
        tensorCount: tensors.reduce(0) { $0 + $1.names.count }
      )
    }
  }

  /// Bytes that the weights will take.
  public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

  /// The most bytes that are in memory at once beside the program's own: a part of one tensor before
  /// and after, the scales of one file, and what a pickle has transposed.
  public var peakByteCount: Int {
    let tensors = shards.joined()
    let part = tensors.map(\.partByteCount).max() ?? 0
    let held = shards.map { $0.reduce(0) { $0 + $1.heldByteCount } }.max() ?? 0
    return part + held + tensors.reduce(0) { $0 + $1.copiedByteCount }
  }

  /// What `run` counts to: bytes that are read for scales, and bytes that are written.
  public var workByteCount: Int {
    byteCount + copied.byteCount + shards.joined().reduce(0) { $0 + $1.preparedByteCount }
  }

  /// Converts.
  ///
  /// - Parameters:
  ///   - path: Where the folder will be.
  ///   - isWanted: Is told how many bytes of `workByteCount` are done, and says whether to go on.
  ///   - finished: Is told each file of weights.
  /// - Throws: A `DiagnosableError` where something is at the path, the disk has no room, a weight
  ///   is not finite, or a file cannot be read or written; nothing is left at the path then.
  /// - Returns: Whether the work came to its end; else nothing is left either.
  @discardableResult
  public func run(
    to path: String,
    while isWanted: (Int) -> Bool = { _ in true },
    finished: (File) throws -> Void = { _ in }
  ) throws -> Bool {
    let writer = try FolderWriter(path: path)
    // A hundredth more for headers and what the file system itself takes.
    let byteCount = byteCount + copied.byteCount
    try FolderWriter.checkRoom(for: byteCount + byteCount / 100, at: path)
    var done = 0
    func advance(_ count: Int) -> Bool {
      done += count
      return isWanted(done)
    }
    for (file, tensors) in zip(files, shards) {
      let filePath = "\(writer.asidePath)/\(file.name)"
      guard try write(tensors, to: filePath, while: advance) else { return false }
      try finished(file)
    }
    guard try copied.copy(to: writer, while: advance) else { return false }
    if shards.count > 1 { try writeIndex(in: writer.asidePath) }
    let configuration = try ConvertedConfiguration(
      folder.configuration(),
      target: target,
      leavesOutHead: ConvertedTensor.leavesOutHead(of: folder)
    )
    try Self.write(configuration.bytes, to: "\(writer.asidePath)/config.json")
    try writer.commit()
    return true
  }

  private func write(
    _ tensors: [ConvertedTensor],
    to path: String,
    while isWanted: (Int) -> Bool
  ) throws -> Bool {
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for tensor in tensors {
      try tensor.add(to: &writer)
      guard isWanted(tensor.preparedByteCount) else { return false }
    }
    return try writer.write(to: path, while: isWanted)
  }

  private static func shards(
    of tensors: [ConvertedTensor],
    byteCount: Int
  ) -> [[ConvertedTensor]] {
    var shards: [[ConvertedTensor]] = [[]]
    var filled = 0
    for tensor in tensors {
      if filled > 0, filled + tensor.byteCount > byteCount {
        shards.append([])
        filled = 0
      }
      shards[shards.count - 1].append(tensor)
      filled += tensor.byteCount
    }
    return shards
  }

  private static func shardName(_ number: Int, of count: Int) -> String {
    func digits(_ value: Int) -> String {
      String(repeating: "0", count: max(0, 5 - String(value).count)) + String(value)
    }
    return "model-\(digits(number))-of-\(digits(count)).safetensors"
  }
}

// The small files.
extension CheckpointConversion {
  private func writeIndex(in folder: String) throws {
    let map = zip(files, shards).flatMap { file, tensors in
      tensors.flatMap(\.names).map { ($0, file.name) }
    }
    let index = ConvertedConfiguration.indexBytes(map.sorted { $0.0 < $1.0 }, byteCount: byteCount)
    try Self.write(index, to: "\(folder)/model.safetensors.index.json")
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let writer = try FileWriter(path: path)
    try writer.write(bytes)
    try writer.commit()
  }
}
