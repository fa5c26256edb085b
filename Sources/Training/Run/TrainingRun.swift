// SPDX-License-Identifier: Apache-2.0

public import Compute
import Diagnostics
import JSON
import Models
public import Planning

/// A run from its recipe to its last checkpoint.
///
/// The folder of a run holds `checkpoints`, what `RunJournal` writes for readers, and the recipe.
public final class TrainingRun {
  private let recipe: Recipe
  private let materials: RunMaterials
  private let folder: String
  private let lock: GrowingFile
  private let store: CheckpointStore
  private let hooks: Hooks
  /// The trainer.
  public let trainer: Trainer
  /// What the run will take.
  public let plan: TrainingPlan
  private let journal: RunJournal
  private let validator: Decoder
  private let sampler: RunSampler?
  private var best: (step: Int, loss: Double)?
  private var checkpoint: PendingCheckpoint?

  /// A checkpoint that is being written beside the passes of the step that follows.
  private struct PendingCheckpoint {
    let step: Int
    let work: BackgroundWork<Result<String, any Error>>
  }

  /// Opens a run: checks everything, then creates the folder or takes up where it stands.
  ///
  /// - Parameters:
  ///   - recipe: The recipe.
  ///   - folder: The run's folder.
  ///   - resumes: Whether to go on from the newest checkpoint.
  ///   - device: What computes.
  ///   - passRowCount: How many rows a pass takes; no bit depends on it.
  ///   - surroundings: What is known of the machine.
  ///   - planned: Hears the plan before anything is written.
  ///   - hooks: What the run is told.
  /// - Throws: A `DiagnosableError` of the module at fault.
  public init(
    _ recipe: Recipe,
    folder: String,
    resumes: Bool,
    device: CPUDevice,
    passRowCount: Int,
    surroundings: RunSurroundings = RunSurroundings(),
    planned: (TrainingPlan) throws -> Void = { _ in },
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
    guard try resumes || FileKind.of(folder + "/metrics.jsonl") == nil && store.steps().isEmpty
    else { throw TrainingError(.runExists, place: folder) }
    plan = TrainingPlan(
      recipe,
      materials,
      passRowCount: passRowCount,
      surroundings
    )
    guard plan.fitsMemory else {
      throw TrainingError(
        .memoryTooSmall(
          needed: plan.memory.total,
          available: surroundings.availableByteCount ?? 0
        ),
        place: folder
      )
    }
    try planned(plan)
    let parameters = try Parameters(
      materials.architecture,
      computeType: recipe.computeType,
      tiesHead: materials.tiesHead,
      fusedExpertLayers: materials.fusedExpertLayers
    )
    trainer = try Trainer(
      materials.architecture,
      parameters: parameters,
      settings: recipe.settings,
      device: device,
      passRowCount: passRowCount
    )
    // Shares the weights, keeps no layers: validation and samples go the way of an answer.
    let validator = try Decoder(
      materials.architecture,
      source: parameters,
      device: device,
      computeType: recipe.computeType
    )
    self.validator = validator
    sampler = try recipe.samples.map {
      try RunSampler($0, decoder: validator, tokenizer: materials.tokenizer, seed: recipe.seed)
    }
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
    best = checkpoint.flatMap { found in
      found.validationLoss.map { (found.bestStep ?? found.cursor.step, $0) }
    }
    journal = try RunJournal(
      folder: folder,
      recipe: recipe,
      materials: materials,
      plan: plan,
      surroundings: surroundings,
      resumesAfter: resumes ? trainer.cursor.step : nil,
      warn: hooks.noticed
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
    do {
      try takeSteps()
    } catch {
      // What was begun is written all the same: the run goes on from there.
      _ = checkpoint?.work.wait()
      // The fault itself is what its reader must hear of, not that the page could not be written.
      try? journal.end(.failed((error as? any DiagnosableError)?.what ?? "\(error)"))
      throw error
    }
    try journal.end(trainer.isDone ? .finished : .stopped(step: trainer.cursor.step))
    return trainer.isDone
  }

  private func takeSteps() throws {
    var savedStep = try store.steps().last ?? -1
    // A run that was killed may have left more than is kept, even where no step is left to take.
    try store.prune(best: best?.step)
    while !trainer.isDone, hooks.isWanted() {
      hooks.crash(.betweenSteps)
      try step()
      let step = trainer.cursor.step
      if step % recipe.checkpointInterval == 0 {
        try beginCheckpoint()
        savedStep = step
      }
    }
    if trainer.cursor.step != savedStep { try beginCheckpoint() }
    try finishCheckpoint()
  }

  private func step() throws {
    let start = ContinuousClock.now
    let rows = materials.training.rows(from: trainer.cursor.row, count: trainer.nextRowCount)
    let batch = rows.map { TrainingRow($0, layout: materials.training.layout) }
    let outcome = try trainer.step(batch, willUpdate: finishCheckpoint)
    let seconds = start.secondsUntilNow
    if let fault = outcome.fault, trainer.response(to: fault) == .stop {
      // What ends the run is the step, even where its last checkpoint failed too.
      try? finishCheckpoint()
      journal.trained(
        seconds: seconds,
        tokenCount: outcome.tokenCount,
        attendedLength: batch.attendedLength
      )
      throw TrainingError(
        .stopped(fault, step: outcome.step, loss: outcome.loss, batch: description(of: rows)),
        place: folder,
        lastGood: try store.steps().last.map { store.path(step: $0) }
      )
    }
    let isMeasured = isDue(recipe.validationInterval)
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
    let stepped = try journal.stepped(
      metrics,
      tokenCount: outcome.tokenCount,
      attendedLength: batch.attendedLength
    )
    hooks.stepped(stepped)
    try sample()
  }

  /// Whether something that comes every so many steps comes after this one; 0 is never.
  private func isDue(_ interval: Int) -> Bool {
    interval > 0 && trainer.cursor.step % interval == 0
  }

  private func sample() throws {
    guard let sampler, isDue(sampler.samples.interval) || trainer.isDone else { return }
    let start = ContinuousClock.now
    let outcome = try sampler.run()
    let prompts = sampler.samples.prompts
    let step = trainer.cursor.step
    try journal.sampled(outcome, prompts: prompts, step: step, seconds: start.secondsUntilNow)
    for (prompt, text) in zip(prompts, outcome.texts) {
      hooks.sampled(RunReport.Sample(step: step, prompt: prompt, text: text))
    }
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
    let start = ContinuousClock.now
    var (sum, count) = (0.0, 0)
    let rowCount = min(recipe.validationRowCount, validation.rowCount)
    for row in validation.rows(from: 0, count: rowCount) {
      let own = try validator.crossEntropy(of: TrainingRow(row, layout: validation.layout))
      sum += own.sum
      count += own.count
    }
    journal.validated(seconds: start.secondsUntilNow, tokenCount: count)
    return count == 0 ? nil : sum / Double(count)
  }

  /// Begins to write a checkpoint.
  ///
  /// `finishCheckpoint` must come before a weight changes.
  private func beginCheckpoint() throws {
    let found: [(String, JSONText)] = [
      ("validation_loss", best.map { .double($0.loss) } ?? .null),
      ("best_step", best.map { .integer($0.step) } ?? .null),
    ]
    let work = try store.begin(
      trainer,
      recipeDigest: materials.recipeDigest,
      record: .object(journal.makeRecord() + found),
      best: best?.step
    )
    checkpoint = PendingCheckpoint(step: trainer.cursor.step, work: work)
  }

  /// Waits for the checkpoint that is being written, if any.
  private func finishCheckpoint() throws {
    guard let pending = checkpoint else { return }
    checkpoint = nil
    let start = ContinuousClock.now
    let path: String
    do {
      path = try pending.work.wait().get()
    } catch let error as any DiagnosableError {
      throw TrainingError(
        .checkpointUnwritten(step: pending.step, error.what, error.exitCode),
        place: error.place,
        lastGood: try? store.steps().last.map { store.path(step: $0) }
      )
    }
    try journal.saved()
    hooks.saved(path, start.secondsUntilNow)
  }

  /// The documents of a batch, as a message names them.
  private func description(of rows: [PackedRow]) -> String {
    let documents = rows.flatMap { materials.training.documents(of: $0) }
    let names = documents.prefix(4).map { "\($0.path):\($0.line)" }
    return names.joined(separator: ", ") + (documents.count > 4 ? " and others" : "")
  }
}
