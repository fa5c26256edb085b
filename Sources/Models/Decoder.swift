// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
public import Compute

/// A decoder-only transformer of any supported family: the one forward pass of the program.
///
/// A decoder is used by one caller at a time; its weights stay where the checkpoint is mapped.
public final class Decoder {
  /// What it computes.
  public let architecture: Architecture
  /// What matrix products take.
  public let computeType: ComputeType
  /// What computes.
  public let device: any Device
  let embedding: Tensor
  let layers: [DecoderLayer]
  let finalNorm: Tensor
  let head: WeightMatrix
  let predictionModules: [PredictionModule]
  let workspace: Workspace
  private var angles: RotaryAngles

  /// Takes the weights out of a checkpoint that was checked against the architecture.
  ///
  /// Multi-token-prediction layers are loaded where the checkpoint holds them.
  ///
  /// - Parameters:
  ///   - architecture: What it computes.
  ///   - source: Where its tensors are.
  ///   - device: What computes.
  ///   - computeType: What matrix products take.
  ///   - keepsLayers: Whether passes keep what each layer computed, for a derivative.
  /// - Throws: `ModelError` where a tensor is missing or memory cannot be had.
  public init(
    _ architecture: Architecture,
    source: any TensorSource,
    device: any Device,
    computeType: ComputeType,
    keepsLayers: Bool = false
  ) throws(ModelError) {
    workspace = Workspace(keepsLayers: keepsLayers)
    let loader = WeightLoader(source: source, computeType: computeType)
    self.architecture = architecture
    self.device = device
    self.computeType = computeType
    embedding = try loader.tensor(TensorNames.embedding)
    var layers: [DecoderLayer] = []
    for (index, plan) in architecture.layers.enumerated() {
      layers.append(
        try DecoderLayer(
          plan,
          normEpsilon: architecture.normEpsilon,
          prefix: TensorNames.layer(index),
          loader: loader
        )
      )
    }
    self.layers = layers
    finalNorm = try loader.tensor(TensorNames.finalNorm)
    // Files decide: a head that is stored is used, whatever tie_word_embeddings says.
    head = WeightMatrix(source.tensor(TensorNames.head) ?? embedding)
    predictionModules = try Self.loadPredictionModules(architecture, loader)
    do {
      angles = try RotaryAngles(
        rowCapacity: 1,
        pairCount: architecture.rotary.inverseFrequencies.count
      )
    } catch { throw ModelError(error) }
  }

  /// Whether the checkpoint has a multi-token-prediction layer.
  public var predictsAhead: Bool { !predictionModules.isEmpty }

  /// What computes: a kernel path, or the reference.
  public var deviceName: String { device.name }

  /// Bytes of weights that one decoded token reads, chosen experts alone.
  public var weightBytesPerToken: Int {
    layers.reduce(head.byteCount) {
      $0 + $1.attention.weightByteCount + $1.feedForward.weightByteCount
    }
  }

  /// Bytes of the buffers that passes have needed so far.
  public var workspaceByteCount: Int { workspace.byteCount }

  /// Creates the cache of a sequence that starts.
  public func makeCache() -> SequenceCache {
    let main = layers.map { $0.attention.makeCache(computeType) }
    let ahead = predictionModules.map { $0.layer.attention.makeCache(computeType) }
    return SequenceCache(layers: main + ahead, mainLayerCount: main.count)
  }

  /// Computes the next rows of some sequences.
  ///
  /// A row's logits do not depend on the other sequences, nor on how its sequence was cut into
  /// passes.
  ///
  /// - Parameters:
  ///   - inputs: Each sequence once; none is empty.
  ///   - keepsHidden: Whether the states after the final norm are wanted for all rows.
  ///   - trace: Receives states and choices, for all rows in the order of the inputs.
  /// - Returns: Logits of the wanted rows.
  /// - Throws: `ModelError` for an id out of range, a sequence that passes the context, or memory
  ///   that cannot be had.
  public func forward(
    _ inputs: [SequenceInput],
    keepsHidden: Bool = false,
    trace: ForwardTraceRecorder? = nil
  ) throws(ModelError) -> ForwardResult {
    try check(inputs)
    let pass = try makePass(inputs, positionShift: 0)
    let width = architecture.hiddenSize
    let residual = try workspace.view(.residual, rows: pass.rowCount, columns: width)
    device.lookUp(workspace.ids, in: embedding, into: residual)
    trace?.record(state: residual)
    for (index, layer) in layers.enumerated() {
      let choice = try layer.forward(residual, pass: pass, layer: index)
      trace?.record(state: residual, choice: choice, layer: index)
    }
    return try finish(residual, inputs: inputs, keepsHidden: keepsHidden)
  }

  /// Norms the wanted rows and multiplies them with the head.
  private func finish(
    _ residual: ActivationView,
    inputs: [SequenceInput],
    keepsHidden: Bool
  ) throws(ModelError) -> ForwardResult {
    let wantedCount = inputs.reduce(0) { $0 + $1.wantedRows(from: 0).count }
    let width = architecture.hiddenSize
    let normed = try workspace.view(.normed, rows: wantedCount, columns: width)
    var start = 0
    var next = 0
    for input in inputs {
      let wanted = input.wantedRows(from: start)
      normalizeFinally(residual.rows(wanted), into: normed.rows(next..<next + wanted.count))
      start += input.ids.count
      next += wanted.count
    }
    var hidden: ActivationView?
    if keepsHidden {
      let view = try workspace.view(.hidden, rows: residual.rowCount, columns: width)
      normalizeFinally(residual, into: view)
      hidden = view
    }
    let logits = try workspace.view(
      .logits,
      rows: wantedCount,
      columns: architecture.vocabularySize
    )
    device.multiply(normed, by: head, into: logits, computeType: computeType)
    return ForwardResult(logits: logits, hidden: hidden)
  }

  func normalizeFinally(_ x: ActivationView, into output: ActivationView) {
    device.normalize(x, weight: finalNorm, epsilon: architecture.normEpsilon, into: output)
  }

  /// Computes what the first multi-token-prediction layer makes of known next tokens.
  ///
  /// Row i takes the state of position i and the token at i + 1, and predicts the token at i + 2
  /// (DeepSeek-V3, arXiv 2412.19437, section 2.2).
  ///
  /// - Parameters:
  ///   - hidden: States after the final norm, sequence by sequence, `[rows, hiddenSize]`.
  ///   - inputs: The next tokens of the same rows and their sequences.
  /// - Returns: Logits of the wanted rows.
  /// - Throws: `ModelError`, as `forward`.
  /// - Precondition: `predictsAhead`.
  public func predictAhead(
    _ hidden: ActivationView,
    inputs: [SequenceInput]
  ) throws(ModelError) -> ForwardResult {
    guard let module = predictionModules.first else {
      fatalError("a checkpoint without a multi-token-prediction layer was asked to predict ahead")
    }
    for input in inputs { try checkIDs(input.ids) }
    // The layer's row i stands at the position of its token, i + 1; a common shift changes nothing
    // but bits.
    let pass = try makePass(inputs, cacheLayer: layers.count, positionShift: 1)
    let width = architecture.hiddenSize
    let embedded = try workspace.view(.embedded, rows: pass.rowCount, columns: width)
    device.lookUp(workspace.ids, in: embedding, into: embedded)
    let residual = try workspace.view(.residual, rows: pass.rowCount, columns: width)
    try module.forward(
      hidden: hidden,
      embedded: embedded,
      pass: pass,
      cacheLayer: layers.count,
      into: residual
    )
    let logits = try workspace.view(
      .logits,
      rows: pass.rowCount,
      columns: architecture.vocabularySize
    )
    device.multiply(residual, by: head, into: logits, computeType: computeType)
    return ForwardResult(logits: logits, hidden: nil)
  }

  /// What log-softmax needs of each row of logits.
  public func logSumExp(_ logits: ActivationView) -> [LogSumExp] { device.logSumExp(logits) }

  /// Finds where the last passes of a sequence stopped being finite, by computing them again.
  ///
  /// - Parameter input: The tokens of the pass whose logits are not finite; its cache holds them already.
  /// - Returns: The layer, as an error names it.
  /// - Throws: `ModelError`, as `forward`.
  public func firstNonFiniteLayer(_ input: SequenceInput) throws(ModelError) -> String {
    input.cache.rollBack(to: input.cache.positionCount - input.ids.count)
    let recorder = ForwardTraceRecorder(keepsStates: false)
    _ = try forward([input], trace: recorder)
    switch recorder.firstNonFiniteState {
    case nil: return "the head"
    case 0: return "the embedding"
    case .some(let state): return "layer \(state - 1)"
    }
  }

  func makePass(
    _ inputs: [SequenceInput],
    cacheLayer: Int = 0,
    positionShift: Int
  ) throws(ModelError) -> ForwardPass {
    let rowCount = inputs.reduce(0) { $0 + $1.ids.count }
    if angles.cosines.rowCapacity < rowCount {
      do {
        angles = try RotaryAngles(rowCapacity: rowCount, pairCount: angles.pairCount)
      } catch { throw ModelError(error) }
    }
    workspace.ids.removeAll(keepingCapacity: true)
    workspace.parts.removeAll(keepingCapacity: true)
    var row = 0
    for input in inputs {
      workspace.ids += input.ids
      let first = input.cache.layers[cacheLayer].positionCount
      workspace.parts.append(
        ForwardPass.Part(
          rows: row..<row + input.ids.count,
          firstPosition: first,
          cache: input.cache
        )
      )
      for position in first..<first + input.ids.count {
        angles.fill(
          row: row,
          position: position + positionShift,
          inverseFrequencies: architecture.rotary.inverseFrequencies,
          factor: architecture.rotary.factor
        )
        row += 1
      }
    }
    return ForwardPass(
      device: device,
      computeType: computeType,
      workspace: workspace,
      parts: workspace.parts,
      rowCount: rowCount,
      angles: angles,
      rotaryLayout: architecture.rotary.layout
    )
  }

  /// Checks that a sequence of these tokens can be computed from its start.
  ///
  /// - Throws: `ModelError` for an id out of range or a sequence that is too long.
  public func validate(_ ids: [Int32]) throws(ModelError) {
    try checkIDs(ids)
    try checkLength(ids.count)
  }

  func check(_ inputs: [SequenceInput]) throws(ModelError) {
    for input in inputs {
      try checkIDs(input.ids)
      try checkLength(input.cache.positionCount + input.ids.count)
    }
  }

  private func checkLength(_ positions: Int) throws(ModelError) {
    if let limit = architecture.rotary.lengthLimit, positions > limit {
      throw ModelError(.lengthUnsupported(positions: positions, limit: limit), file: "prompt")
    }
    guard positions <= architecture.contextLength else {
      throw ModelError(
        .contextExceeded(positions: positions, limit: architecture.contextLength),
        file: "prompt"
      )
    }
  }

  private func checkIDs(_ ids: [Int32]) throws(ModelError) {
    for id in ids where id < 0 || id >= Int32(clamping: architecture.vocabularySize) {
      throw ModelError(
        .idOutOfRange(id: id, vocabularySize: architecture.vocabularySize),
        file: "prompt"
      )
    }
  }

  private static func loadPredictionModules(
    _ architecture: Architecture,
    _ loader: WeightLoader
  ) throws(ModelError) -> [PredictionModule] {
    var modules: [PredictionModule] = []
    for (index, plan) in architecture.predictionLayers.enumerated() {
      let prefix = TensorNames.layer(architecture.layers.count + index)
      // Converted checkpoints keep the count in config.json and drop the tensors.
      guard loader.source.tensor(prefix + TensorNames.Prediction.projection) != nil else { break }
      modules.append(
        try PredictionModule(
          plan,
          normEpsilon: architecture.normEpsilon,
          prefix: prefix,
          loader: loader
        )
      )
    }
    return modules
  }
}
