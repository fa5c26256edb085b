// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
public import Compute
import JSON
public import Models
import Synchronization
public import Tokenization

/// A checkpoint that is ready to compute: checked, mapped, with its tokenizer.
public final class LoadedModel {
  /// The folder's files.
  public let checkpoint: CheckpointFolder
  /// The model.
  public let decoder: Decoder
  /// Makes prompts of texts and conversations.
  public let prompts: ModelPrompts
  /// What generation_config.json asks for.
  public let defaults: GenerationDefaults
  /// What the model needs and what fits.
  public let memory: MemoryPlan
  /// The end-of-sequence tokens of both configuration files.
  public let endIDs: Set<Int32>
  /// Seconds that loading took.
  public let loadSeconds: Double

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - path: A folder in the layout of Hugging Face.
  ///   - device: What computes.
  ///   - computeType: What matrix products take; nil lets the checkpoint decide.
  ///   - residency: Where the weights lie.
  ///   - notice: Receives lines for a person.
  /// - Throws: A `DiagnosableError` of the module at fault.
  public init(
    path: String,
    device: any Device,
    computeType: ComputeType? = nil,
    residency: WeightResidency = .mapped,
    notice: (String) -> Void = { _ in }
  ) throws {
    let start = ContinuousClock.now
    let configuration = try CheckpointFolder.configuration(inFolder: path)
    let architecture = try Architecture(configuration: configuration.root)
    let mapped = try CheckpointFolder(path: path)
    try CheckpointCheck(mapped, architecture).requireLoadable()
    defaults = try GenerationDefaults(folder: path)
    // Before any weight is touched: a machine that has no room for them must hear it at once.
    let type = computeType ?? Self.computeType(of: mapped)
    memory = MemoryPlan(architecture, checkpoint: mapped, computeType: type, residency: residency)
    notice("\(architecture.name), \(type.rawValue), kernels \(device.name); \(memory.notice)")
    try memory.check(place: path)
    let tokenizer: Tokenizer?
    switch residency {
    case .mapped:
      checkpoint = mapped
      tokenizer = try Self.tokenizer(path, touching: checkpoint)
    case .resident:
      checkpoint = try mapped.resident(copyingWith: ThreadPool(threadCount: ThreadPool.coreCount))
      tokenizer = try Self.tokenizer(path, touching: nil)
    }
    if let tokenizer, tokenizer.vocabularyCount > architecture.vocabularySize {
      throw LoadError(
        .vocabularyTooSmall(
          tokenizer: tokenizer.vocabularyCount,
          embedding: architecture.vocabularySize
        ),
        place: path
      )
    }
    prompts = ModelPrompts(
      tokenizer: tokenizer,
      templates: Result { () throws(TokenizationError) in try ChatTemplateFiles(folder: path) },
      label: checkpoint.label
    )
    decoder = try Decoder(architecture, source: checkpoint, device: device, computeType: type)
    endIDs = Set(architecture.endOfSequenceIDs).union(defaults.endOfSequenceIDs)
    loadSeconds = start.seconds(to: ContinuousClock.now)
  }

  /// The tokenizer, nil where the folder has none.
  public var tokenizer: Tokenizer? { prompts.tokenizer }

  /// The most positions a sequence may have here.
  public var contextLength: Int {
    min(memory.contextLength, decoder.architecture.rotary.lengthLimit ?? .max)
  }

  /// Creates a generator for this model.
  public func makeGenerator(prefillChunk: Int) -> Generator {
    Generator(
      decoder: decoder,
      tokenizer: tokenizer,
      endIDs: endIDs,
      contextLength: contextLength,
      prefillChunk: prefillChunk
    )
  }

  /// What matrix products of a checkpoint take where nobody says: BF16 and FP8 checkpoints compute in
  /// bf16.
  ///
  /// The attention's output projection stands for the matrices: every family has it, and norms or heads
  /// are often stored wider.
  public static func computeType(of checkpoint: CheckpointFolder) -> ComputeType {
    let matrix = checkpoint.tensor("model.layers.0.self_attn.o_proj.weight")
    switch matrix?.elementType {
    case .bf16, .f8e4m3: return .bf16
    default: return .f32
    }
  }

  /// Reads the tokenizer, while another thread maps as much of the weights as that time allows.
  private static func tokenizer(
    _ path: String,
    touching checkpoint: CheckpointFolder?
  ) throws(TokenizationError) -> Tokenizer? {
    let read = { Result { () throws(TokenizationError) in try Tokenizer(folder: path) } }
    let isReady = Atomic(false)
    var tokenizer: Result<Tokenizer, TokenizationError>?
    // Where no thread can be had, the tokenizer is read all the same.
    let threadCount = checkpoint == nil ? 1 : min(2, ThreadPool.coreCount)
    try? ThreadPool(threadCount: threadCount).run(chunkCount: 2) { chunk, _ in
      if chunk == 0 {
        tokenizer = read()
        isReady.store(true, ordering: .relaxed)
      } else {
        checkpoint?.touchWeights { !isReady.load(ordering: .relaxed) }
      }
    }
    do {
      return try (tokenizer ?? read()).get()
    } catch {
      if error.reason == .noTokenizer { return nil }
      throw error
    }
  }
}
