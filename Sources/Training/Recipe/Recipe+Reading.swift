// SPDX-License-Identifier: Apache-2.0

import Compute
import YAML

extension Recipe {
  /// Reads a recipe.
  ///
  /// Paths in it are seen from its folder.
  ///
  /// - Parameter path: The file.
  /// - Throws: `RecipeError` with the line and the nearest key, or `YAMLError`.
  public init(path: String) throws {
    try self.init(Self.bytes(ofFile: path), file: path)
  }

  /// The text of a recipe's file, or of a plan's.
  static func bytes(ofFile path: String) throws(RecipeError) -> [UInt8] {
    do {
      let region = try MemoryRegion(mapping: path)
      return region.copyBytes(0..<region.byteCount)
    } catch {
      throw RecipeError(.unreadable(error.what, error.exitCode), file: path)
    }
  }

  /// Reads a recipe's text.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - file: What errors call it, and where its paths are seen from.
  /// - Throws: `RecipeError` with the line and the nearest key, or `YAMLError`.
  public init(_ bytes: [UInt8], file: String) throws {
    let document = try YAMLDocument(bytes, file: file)
    var root = RecipeSection(document.entries, name: nil, file: file, at: nil)
    self = try Recipe(&root, folder: Self.folder(of: file))
    text = String(decoding: bytes, as: UTF8.self)
    try root.finish()
  }

  private static func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[..<$0]) + "/" } ?? ""
  }

  private init(_ root: inout RecipeSection, folder: String) throws(RecipeError) {
    let resolve = { (path: String) in path.hasPrefix("/") ? path : folder + path }
    text = ""
    stage = try root.choice("stage", of: Stage.self) ?? .pretrain
    name = try root.text("name") ?? "run"
    seed = UInt64(try root.integer("seed") ?? 1)
    computeType = try root.choice("compute", of: ComputeType.self) ?? .bf16
    guard var model = try root.section("model") else {
      throw root.missing("model", example: "model: {config: config.json}, or {from: FOLDER}")
    }
    if model.has("config"), model.has("from") { throw model.together("config", "from") }
    configurationPath = try model.text("config").map(resolve)
    checkpointPath = try model.text("from").map(resolve)
    deviation = try model.number("deviation", in: 0...10) ?? 0.006
    guard configurationPath != nil || checkpointPath != nil else {
      throw model.missing("config", example: "config: config.json, or from: FOLDER")
    }
    try model.finish()
    guard let tokenizer = try root.text("tokenizer").map(resolve) ?? checkpointPath else {
      throw root.missing(
        "tokenizer",
        example: "tokenizer: FOLDER, as hadal data tokenizer wrote it"
      )
    }
    tokenizerPath = tokenizer
    sources = try Self.sources(&root, resolve)
    packing =
      try root.choice("packing", of: RowLayout.Packing.self) ?? (stage == .sft ? .apart : .bestFit)
    restartsDocuments = try root.flag("restart_documents") ?? (stage == .sft)
    settings = try Self.settings(&root, stage)
    var checkpoints = try root.section("checkpoints")
    checkpointInterval = try checkpoints?.integer("every", in: 1...Int.max) ?? 100
    keptCheckpointCount = try checkpoints?.integer("keep", in: 1...10_000) ?? 2
    try checkpoints?.finish()
    var validation = try root.section("validation")
    validationInterval = try validation?.integer("every") ?? 100
    validationRowCount = try validation?.integer("rows", in: 1...1_000_000) ?? 16
    try validation?.finish()
    samples = try Self.samples(&root)
    passRowCount = try root.integer("micro_batch", in: 1...1_000_000)
  }

  private static func sources(
    _ root: inout RecipeSection,
    _ resolve: (String) -> String
  ) throws(RecipeError) -> [DataSource] {
    guard var sections = try root.sections("data"), !sections.isEmpty else {
      throw root.missing("data", example: "data: [{shards: FOLDER}]")
    }
    var sources: [DataSource] = []
    for index in sections.indices {
      guard let path = try sections[index].text("shards") else {
        throw sections[index].missing("shards", example: "shards: FOLDER")
      }
      let weight = try sections[index].number("weight", in: 0...Double.greatestFiniteMagnitude)
      let identity = try sections[index].choice("identity", of: IdentityDemand.self)
      try sections[index].finish()
      sources.append(
        DataSource(path: resolve(path), weight: weight, identity: identity ?? .checked)
      )
    }
    return sources
  }

  private static func samples(_ root: inout RecipeSection) throws(RecipeError) -> Samples? {
    guard var section = try root.section("samples") else { return nil }
    let samples = Samples(
      interval: try section.integer("every", in: 1...Int.max) ?? 100,
      tokenCount: try section.integer("tokens", in: 1...100_000) ?? 64,
      prompts: try section.texts("prompts") ?? [],
      temperature: try section.number("temperature", in: 0...100) ?? 0.8
    )
    try section.finish()
    return samples.prompts.isEmpty ? nil : samples
  }
}
