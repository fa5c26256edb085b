// SPDX-License-Identifier: Apache-2.0

import Checkpoints
public import Compute
import Hashing
import JSON
public import Models
public import Tokenization

/// All that a run reads, loaded and checked before anything is written.
public struct RunMaterials: Sendable {
  /// The model.
  public let architecture: Architecture
  /// Whether the head is the embedding table.
  public let tiesHead: Bool
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// The rows to learn from.
  public let training: DataStream
  /// The rows that are held out, nil where there are none.
  public let validation: DataStream?
  /// What stands beside the weights of a checkpoint.
  public let modelFiles: [String: [UInt8]]
  /// What decides the run's bits.
  public let recipeDigest: String
  /// The shards, a folder a source of the recipe.
  let folders: [ShardFolder]
  let source: CheckpointFolder?
  /// The layers whose routed experts the checkpoint stores as two tensors, and so does the run.
  let fusedExpertLayers: Set<Int>

  // The files of a tokenizer's folder that belong to a model.
  private static let tokenizerFiles = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json",
    "merges.txt", "chat_template.jinja", "added_tokens.json",
  ]

  // What an answer's end and sampling are by default; a checkpoint's own.
  private static let generationFile = "generation_config.json"

  /// Loads what a recipe names.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - pool: The threads that hash the data.
  /// - Throws: A `DiagnosableError` of the module at fault.
  public init(_ recipe: Recipe, pool: ThreadPool) throws {
    let configuration: [UInt8]
    if let folder = recipe.checkpointPath {
      source = try CheckpointFolder(path: folder)
      configuration = try Self.bytes(of: "\(folder)/config.json")
    } else {
      source = nil
      configuration = try Self.bytes(of: recipe.configurationPath ?? "config.json")
    }
    let label = recipe.checkpointPath.map { "\($0)/config.json" } ?? recipe.configurationPath
    let region = try MemoryRegion(zeroed: configuration.count)
    region.write(configuration, at: 0)
    let document = try ConfigurationFile.parse(region, label: label ?? "config.json")
    var architecture = try Architecture(configuration: document.root, file: label ?? "config.json")
    if let source {
      let check = CheckpointCheck(source, architecture)
      try check.requireLoadable()
      fusedExpertLayers = check.fusedExpertLayers
      let index = architecture.layers.count
      // Converted checkpoints keep the count in config.json and drop the tensors.
      if source.tensor(TensorNames.layer(index) + TensorNames.Prediction.projection) == nil {
        architecture.predictionLayers = []
      }
    } else {
      fusedExpertLayers = []
    }
    self.architecture = architecture
    let tiesHead =
      source.map { $0.tensor(TensorNames.head) == nil } ?? architecture.tiesEmbedding
    self.tiesHead = tiesHead
    tokenizer = try Tokenizer(folder: recipe.tokenizerPath)
    folders = try recipe.sources.map { try ShardFolder(path: $0.path, pool: pool) }
    let digest = try TokenizerDigest.text(ofFolder: recipe.tokenizerPath)
    for (folder, source) in zip(folders, recipe.sources) {
      if source.identity == .checked { try folder.requireIdentityCheck() }
      try folder.require(tokenizerDigest: digest)
      try folder.require(vocabularyCount: architecture.vocabularySize)
    }
    let layout = RowLayout(
      sequenceLength: recipe.settings.length.sequenceLength,
      packing: recipe.packing,
      restartsDocuments: recipe.restartsDocuments
    )
    let sources = zip(folders, recipe.sources).map {
      DataStream.Source($0.0, weight: $0.1.weight)
    }
    training = try DataStream(
      sources,
      layout: layout,
      seed: recipe.seed,
      batchRowCount: recipe.settings.length.rowCount
    )
    // Sources without held-out documents have no say in the validation.
    let heldOut = folders.filter { !$0.files(.validation).isEmpty }.map { DataStream.Source($0) }
    validation =
      heldOut.isEmpty
      ? nil : try? DataStream(heldOut, split: .validation, layout: layout, seed: recipe.seed)
    // The weights may have been FP8 or F16: what is saved has matrices as products take them.
    let converted = ConvertedConfiguration(
      document,
      trainedAs: recipe.computeType,
      leavesOutHead: tiesHead
    )
    var files = ["config.json": converted.bytes]
    if let folder = recipe.checkpointPath {
      let path = "\(folder)/\(Self.generationFile)"
      if try FileKind.of(path) == .regularFile {
        files[Self.generationFile] = try Self.bytes(of: path)
      }
    }
    for name in Self.tokenizerFiles {
      let path = "\(recipe.tokenizerPath)/\(name)"
      if try FileKind.of(path) == .regularFile { files[name] = try Self.bytes(of: path) }
    }
    modelFiles = files
    recipeDigest = recipe.digest(
      configuration: configuration,
      weights: source.map(Self.weightsDigest),
      shards: folders.flatMap { $0.index.shards.map(\.digest) }
    )
  }

  private static func bytes(of path: String) throws(ComputeError) -> [UInt8] {
    let region = try MemoryRegion(mapping: path)
    return region.copyBytes(0..<region.byteCount)
  }

  /// The hash of all tensors of a checkpoint, by name.
  private static func weightsDigest(_ source: CheckpointFolder) -> String {
    var hash = SHA256Hash()
    for name in source.names {
      guard let tensor = source.tensor(name) else { continue }
      hash.update(Array(name.utf8))
      hash.update(
        tensor.region.copyBytes(tensor.byteOffset..<tensor.byteOffset + tensor.byteCount)
      )
    }
    return Hexadecimal.text(hash.digest)
  }
}

extension TrainingRow {
  /// A row of the data: one sequence, or one for each document where they do not see each other; what
  /// fills the row's end is left out.
  init(_ row: PackedRow, layout: RowLayout) {
    let end = min(row.pieces.last?.range.upperBound ?? 0, layout.sequenceLength + 1)
    let bounds =
      layout.restartsAttention
      ? row.pieces.map { $0.range.clamped(to: 0..<end) } : [0..<end]
    self.init(
      bounds.filter { $0.count > 1 }.map { range in
        let targets = range.lowerBound + 1..<range.upperBound
        return TrainingSequence(
          ids: Array(row.ids[range.dropLast()]),
          targets: Array(row.ids[targets]),
          counts: Array(row.lossMask[targets])
        )
      }
    )
  }
}
