// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import FoundationEssentials
package import Inference
import Tokenization

/// A language model that is loaded and ready.
///
/// ```swift
/// let model = try await Model(folder: "Qwen3-0.6B")
/// ```
///
/// Any number of tasks may use it at once: their answers are computed together, each to the bit what it
/// would be alone. Nothing is sent anywhere. A model is given back with its last copy, conversations
/// included.
public struct Model: Sendable {
  /// The name of its folder.
  public let name: String
  /// The most tokens that a prompt and its answer may have together.
  public let contextLength: Int
  /// Whether its template can be told to think or not to.
  public let hasThinkingSwitch: Bool
  /// What answers.
  package let engine: Engine
  let prompts: ModelPrompts
  let encoder: Result<any PromptEncoder, HadalError>
  /// What answers can be made to keep to; nil without a tokenizer.
  let constraints: ModelConstraints?
  let defaults: GenerationDefaults

  /// Loads a model.
  ///
  /// The weights stay in their files, mapped. A model that the machine has no room for is refused before
  /// they are read.
  ///
  /// - Parameters:
  ///   - folder: A checkpoint as Hugging Face publishes it: `config.json`, `*.safetensors`, and the
  ///     tokenizer's files.
  ///   - settings: How it is loaded and what it may take.
  /// - Throws: ``HadalError`` of kind ``HadalError/Kind/model`` or ``HadalError/Kind/option``.
  public init(
    folder: String,
    settings: ModelSettings = ModelSettings()
  ) async throws(HadalError) {
    try settings.check()
    do {
      self = try await Loader().load(folder, settings)
    } catch {
      throw HadalError(.model, error)
    }
  }

  /// Loads nano, the small model that is part of the program: it adds and subtracts numbers up to 99,
  /// says what it is, and declines the rest.
  ///
  /// It answers in milliseconds, so that it is of use in tests too.
  ///
  /// - Throws: ``HadalError`` where the program was built without it.
  public static func nano(
    settings: ModelSettings = ModelSettings()
  ) async throws(HadalError) -> Model {
    guard EmbeddedFile.named("nano/config.json") != nil,
      let folder = EmbeddedFile.path(ofFolder: "nano")
    else {
      throw HadalError(
        .model,
        "this program was built without 'nano'",
        remedy: "Model(folder:), with a checkpoint's folder"
      )
    }
    return try await Model(folder: folder, settings: settings)
  }

  init(_ model: sending LoadedModel, name: String, limits: EngineLimits) throws(ComputeError) {
    self.name = name
    prompts = model.prompts
    defaults = model.defaults
    contextLength = model.contextLength
    let encoder = Result { try model.prompts.makeEncoder() }
    self.encoder = encoder.mapError { HadalError(.prompt, $0) }
    hasThinkingSwitch = (try? encoder.get())?.thinkingVariables.isEmpty == false
    constraints = prompts.tokenizer.map { [endIDs = model.endIDs] in
      ModelConstraints($0, endIDs: endIDs, encoder: try? encoder.get())
    }
    engine = try Engine(model, limits: limits)
  }

  /// How many tokens a text is, alone.
  ///
  /// - Throws: ``HadalError`` where the model has no tokenizer.
  public func tokenCount(of text: String) throws(HadalError) -> Int {
    do {
      guard let tokenizer = prompts.tokenizer else { return try prompts.raw(text).ids.count }
      return try tokenizer.encode(text, addedTokens: .never).count
    } catch {
      throw HadalError(.prompt, error)
    }
  }
}

/// Loads models on a thread of its own: the threads that Swift shares among all tasks must never wait
/// for a disk.
private actor Loader {
  private let executor: ThreadExecutor

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  init() throws(ComputeError) { executor = try ThreadExecutor() }

  func load(_ folder: String, _ settings: ModelSettings) throws -> Model {
    let model = try LoadedModel(
      path: folder,
      device: CPUDevice(
        threadCount: settings.threadCount ?? ThreadPool.coreCount,
        path: KernelPath(environment: ProcessInfo.processInfo.environment)
      ),
      computeType: settings.computeType.flatMap { ComputeType(rawValue: $0.rawValue) },
      residency: settings.copiesWeights ? .resident : .mapped
    )
    let limits = EngineLimits(
      sequenceCount: settings.batchCount,
      cacheByteCount: settings.cacheByteCount
        ?? model.memory.cacheByteCount(sequenceCount: settings.batchCount),
      prefixByteCount: settings.prefixByteCount,
      waitingCount: settings.waitingCount
    )
    let name = folder.split(separator: "/").last.map(String.init) ?? folder
    return try Model(model, name: name, limits: limits)
  }
}
