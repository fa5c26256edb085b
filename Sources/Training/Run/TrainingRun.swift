// SPDX-License-Identifier: Apache-2.0

public import Compute
import JSON
import Models

/// A run from its recipe to its last checkpoint.
///
/// The folder of a run holds `checkpoints`, `metrics.jsonl`, a file of TensorBoard events and the recipe.
public final class TrainingRun {
  /// What a run is told from outside.
  public struct Hooks {
    /// Whether to go on; asked once a step.
    public var isWanted: () -> Bool
    /// Hears of each step.
    public var stepped: (StepMetrics) -> Void
    /// Hears of each checkpoint.
    public var saved: (String) -> Void
    /// Is told of each place at which a test may kill the process.
    public var crash: @Sendable (CrashPoint) -> Void

    /// Creates hooks that let the run go on and say nothing.
    public init(
      isWanted: @escaping () -> Bool = { true },
      stepped: @escaping (StepMetrics) -> Void = { _ in },
      saved: @escaping (String) -> Void = { _ in },
      crash: @escaping @Sendable (CrashPoint) -> Void = { _ in }
    ) {
      self.isWanted = isWanted
      self.stepped = stepped
      self.saved = saved
      self.crash = crash
    }
  }

  private let recipe: Recipe
  private let materials: RunMaterials
  private let folder: String
  private let lock: GrowingFile
  private let store: CheckpointStore
  private let hooks: Hooks
  /// The trainer.
  public let trainer: Trainer
  private let log: MetricsLog
  private let events: EventFileWriter
  private let validator: Decoder
  private var best: (step: Int, loss: Double)?

  /// Opens a run: checks everything, then creates the folder or takes up where it stands.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - folder: The run's folder.
  ///   - resumes: Whether to go on from the newest checkpoint.
  ///   - device: What computes.
  ///   - passRowCount: How many rows a pass takes; no bit depends on it.
  ///   - hooks: What the run is told.
  /// - Throws: A `DiagnosableError` of the module at fault.
  public init(
    _ recipe: Recipe,
    folder: String,
    resumes: Bool,
    device: CPUDevice,
    passRowCount: Int,
    hooks: Hooks = Hooks()
  ) throws {
    self.recipe = recipe
    self.folder = folder
    self.hooks = hooks
    let materials = try RunMaterials(recipe, pool: device.pool)
    self.materials = materials
    store = CheckpointStore(
      folder: folder + "/checkpoints",
      keptCount: recipe.keptCheckpointCount,
      modelFiles: materials.modelFiles,
      pool: device.pool,
      crash: hooks.crash
    )
    let metricsPath = folder + "/metrics.jsonl"
    guard try resumes || FileKind.of(metricsPath) == nil && store.steps().isEmpty else {
      throw TrainingError(.runExists, place: folder)
    }
    let parameters = try Parameters(
      materials.architecture,
      computeType: recipe.computeType,
      tiesHead: materials.tiesHead
    )
    trainer = try Trainer(
      materials.architecture,
      parameters: parameters,
      settings: recipe.settings,
      device: device,
      passRowCount: passRowCount
    )
    try FolderCreation.ensure(folder)
    lock = try GrowingFile(path: folder + "/run.lock")
    guard try lock.lock() else { throw TrainingError(.runIsHeld, place: folder) }
    let checkpoint = resumes ? try store.newest() : nil
    if let checkpoint {
      guard checkpoint.recipeDigest == materials.recipeDigest else {
        throw TrainingError(
          .otherRecipe(found: checkpoint.recipeDigest, here: materials.recipeDigest),
          place: checkpoint.path
        )
      }
      try checkpoint.restore(trainer)
    } else if let source = materials.source {
      try parameters.load(source)
    } else {
      Initialization(seed: recipe.seed, deviation: recipe.deviation).fill(parameters)
    }
    best = checkpoint.flatMap { found in found.validationLoss.map { (found.cursor.step, $0) } }
    let step = trainer.cursor.step
    log =
      resumes
      ? try MetricsLog(resuming: metricsPath, after: step)
      : try MetricsLog(creating: metricsPath)
    events = try EventFileWriter(
      folder: folder,
      time: RunClock.seconds,
      host: "hadal",
      resumedAfter: resumes ? step : nil
    )
    // Shares the weights, keeps no layers: validation and samples go the way of an answer.
    validator = try Decoder(
      materials.architecture,
      source: parameters,
      device: device,
      computeType: recipe.computeType
    )
  }

  /// How many steps the run has in all.
  public var stepCount: Int { recipe.settings.length.stepCount }

  /// Takes steps until the tokens are used up or nobody wants more; the last step is saved.
  ///
  /// - Returns: Whether the run is done.
  /// - Throws: A `DiagnosableError`; what was saved before stays.
  @discardableResult
  public func run() throws -> Bool {
    var savedStep = try store.steps().last ?? -1
    while !trainer.isDone, hooks.isWanted() {
      hooks.crash(.betweenSteps)
      try step()
      let step = trainer.cursor.step
      if step % recipe.checkpointInterval == 0 {
        try save()
        savedStep = step
      }
    }
    if trainer.cursor.step != savedStep { try save() }
    return trainer.isDone
  }

  private func step() throws {
    let start = ContinuousClock.now
    let rows = materials.training.rows(from: trainer.cursor.row, count: trainer.nextRowCount)
    let batch = rows.map { TrainingRow($0, layout: materials.training.layout) }
    let outcome = try trainer.step(batch)
    let time = start.duration(to: .now)
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    if let fault = outcome.fault, trainer.response(to: fault) == .stop {
      throw TrainingError(
        .stopped(fault, step: outcome.step, loss: outcome.loss, batch: description(of: rows)),
        place: folder,
        lastGood: try store.steps().last.map { store.path(step: $0) }
      )
    }
    let isMeasured =
      recipe.validationInterval > 0 && trainer.cursor.step % recipe.validationInterval == 0
    let metrics = StepMetrics(
      step: trainer.cursor.step,
      tokens: trainer.cursor.tokens,
      loss: outcome.loss,
      validationLoss: isMeasured || trainer.isDone ? try validationLoss() : nil,
      predictionLoss: outcome.predictionLoss,
      balanceLoss: outcome.balanceLoss,
      learningRate: outcome.learningRate,
      gradientNorm: outcome.gradientNorm,
      tokensPerSecond: Double(outcome.tokenCount) / max(seconds, 1e-9),
      seconds: seconds,
      expertLoads: loads(outcome)
    )
    if let loss = metrics.validationLoss, best.map({ loss < $0.loss }) ?? true {
      best = (metrics.step, loss)
    }
    try log.append(metrics)
    try events.write(metrics, time: RunClock.seconds)
    hooks.stepped(metrics)
  }

  private func loads(_ outcome: Trainer.Outcome) -> [ExpertLoad] {
    outcome.loads.sorted { $0.key < $1.key }.map { layer, counts in
      let name = TensorNames.layer(layer) + TensorNames.selectionBias
      let bias = trainer.parameters.selectionBiases[name]
      return ExpertLoad(
        layer: layer,
        counts: counts,
        biasDrift: bias.map { Double($0.floats.map(\.magnitude).max() ?? 0) }
      )
    }
  }

  /// The loss on the held-out rows, the same ones each time; nil where there are none.
  private func validationLoss() throws -> Double? {
    guard let validation = materials.validation else { return nil }
    var (sum, count) = (0.0, 0)
    let rowCount = min(recipe.validationRowCount, validation.rowCount)
    for row in validation.rows(from: 0, count: rowCount) {
      let own = try validator.crossEntropy(of: TrainingRow(row, layout: validation.layout))
      sum += own.sum
      count += own.count
    }
    return count == 0 ? nil : sum / Double(count)
  }

  private func save() throws {
    let record = JSONText.object([
      ("time", .double(RunClock.seconds)),
      ("validation_loss", best.map { .double($0.loss) } ?? .null),
    ])
    let path = try store.write(
      trainer,
      recipeDigest: materials.recipeDigest,
      record: record,
      best: best?.step
    )
    try log.flush()
    hooks.saved(path)
  }

  /// The documents of a batch, as a message names them.
  private func description(of rows: [PackedRow]) -> String {
    let documents = rows.flatMap { materials.training.documents(of: $0) }
    let names = documents.prefix(4).map { "\($0.path):\($0.line)" }
    return names.joined(separator: ", ") + (documents.count > 4 ? " and others" : "")
  }
}
