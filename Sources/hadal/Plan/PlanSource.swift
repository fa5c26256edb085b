// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import Hub
import Inference
import JSON
import Models
import Planning
import Training

/// What MODEL stands for: a model, and of a recipe also how it is trained.
struct PlanSource {
  let model: PlannedModel
  private(set) var sequenceLength = 4096
  private(set) var batchRowCount: Int?
  private(set) var tokenCount: Double?
  private var computeType: ComputeType?
  private var isRecipe = false

  /// Finds a model: a known name first, then a file or a folder, then a hub's name.
  init(_ given: String, catalog: ModelCatalog) throws {
    if catalog.contains(given) {
      model = try catalog.model(given)
      return
    }
    switch try FileKind.of(given) {
    case .regularFile where given.hasSuffix(".yaml") || given.hasSuffix(".yml"):
      let recipe = try Recipe(path: given)
      model = try Self.model(of: recipe)
      let length = recipe.settings.length
      sequenceLength = length.sequenceLength
      batchRowCount = length.rowCount
      tokenCount = Double(length.tokenBudget)
      computeType = recipe.computeType
      isRecipe = true
    case .regularFile:
      let document = try ConfigurationFile.read(given, label: given)
      model = try PlannedModel(configuration: document.root, name: given, file: given)
    case .folder:
      let document = try CheckpointFolder.configuration(inFolder: given)
      model = try PlannedModel(configuration: document.root, name: given)
    default:
      guard ModelName(given) != nil else { throw Self.unknown(given, catalog) }
      let folder = try ModelPlace.folder(of: given, needing: .configuration)
      let document = try CheckpointFolder.configuration(inFolder: folder)
      model = try PlannedModel(configuration: document.root, name: given)
    }
  }

  private static func unknown(_ name: String, _ catalog: ModelCatalog) -> PlanError {
    PlanError(
      .unknownModel(name, nearest: NearestName.of(name, in: catalog.names)),
      place: "MODEL"
    )
  }

  private static func model(of recipe: Recipe) throws -> PlannedModel {
    if let path = recipe.configurationPath {
      let document = try ConfigurationFile.read(path, label: path)
      return try PlannedModel(configuration: document.root, name: recipe.name, file: path)
    }
    let document = try CheckpointFolder.configuration(inFolder: recipe.checkpointPath ?? ".")
    return try PlannedModel(configuration: document.root, name: recipe.name)
  }

  /// The device of a name; a recipe is for this machine where nobody says.
  func device(_ name: String?) throws -> Accelerator {
    let name = name ?? (isRecipe ? HardwareTable.here : "h100")
    guard name == HardwareTable.here else { return try HardwareTable.named(name) }
    return try Self.measuredMachine()
  }

  /// This machine, measured.
  static func measuredMachine() throws -> Accelerator {
    let measured = try MachineMeasurement(
      threads: ThreadPool.coreCount,
      path: KernelPath.chosen()
    )
    func peak(_ type: ComputeType) -> Double {
      measured.peaks.first { $0.computeType == type }?.operationsPerSecond ?? 0
    }
    return MeasuredMachine(
      title: "\(MachineFacts.processorName), \(ThreadPool.coreCount) threads",
      threadCount: ThreadPool.coreCount,
      bf16Peak: peak(.bf16),
      f32Peak: peak(.f32),
      bandwidth: measured.bytesPerSecond,
      memoryByteCount: Double(
        SystemMemory.availableByteCount ?? SystemMemory.totalByteCount ?? 0
      )
    ).accelerator
  }

  /// What products take where nobody says: the recipe's, or as the model was published, if the device
  /// can do that.
  func precision(on device: Accelerator) -> PlanPrecision {
    if let computeType { return computeType == .f32 ? .f32 : .bf16 }
    return .usual(for: model, on: device)
  }
}
