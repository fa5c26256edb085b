// SPDX-License-Identifier: Apache-2.0

/// A question to the planner about serving: what, on what, for whom.
public struct ServingScenario: Sendable, Hashable {
  /// The model.
  public var model: PlannedModel
  /// The device.
  public var device: Accelerator
  /// Devices that hold the model together: experts divided among them, or matrices without experts.
  public var deviceCount: Int
  /// How weights are stored and multiplied; caches take 2 bytes a number.
  public var precision: PlanPrecision
  /// Tokens of a prompt in the mean.
  public var promptLength: Double
  /// Tokens of an answer in the mean.
  public var answerLength: Double
  /// The share of prompts that a cache has.
  public var hitShare: Double
  /// Tokens a second that a user shall get at least.
  public var speed: Double
  /// Tokens of a draft that are accepted a step in the mean; 0 without drafts.
  public var acceptance: Double
  /// US dollars an hour of a device; nil for the table's price.
  public var dollarsPerHour: Double?
  /// What users pay; nil where nobody says.
  public var listPrice: ListPrice?
  /// What is assumed.
  public var efficiencies = Efficiencies.fitted

  /// Creates a question.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - device: The device.
  ///   - deviceCount: Devices that hold the model together, at least 1.
  ///   - precision: How weights are stored.
  ///   - promptLength: Tokens of a prompt in the mean.
  ///   - answerLength: Tokens of an answer in the mean.
  ///   - hitShare: The share of prompts that a cache has, 0 to below 1.
  ///   - speed: Tokens a second that a user shall get at least, above 0.
  ///   - acceptance: Tokens of a draft that are accepted a step in the mean.
  ///   - dollarsPerHour: US dollars an hour of a device; nil for the table's price.
  ///   - listPrice: What users pay; nil for the model's last list price.
  public init(
    model: PlannedModel,
    device: Accelerator,
    deviceCount: Int,
    precision: PlanPrecision,
    promptLength: Double = 4096,
    answerLength: Double = 1024,
    hitShare: Double = 0,
    speed: Double = 20,
    acceptance: Double = 0,
    dollarsPerHour: Double? = nil,
    listPrice: ListPrice? = nil
  ) {
    self.model = model
    self.device = device
    self.deviceCount = deviceCount
    self.precision = precision
    self.promptLength = promptLength
    self.answerLength = answerLength
    self.hitShare = hitShare
    self.speed = speed
    self.acceptance = acceptance
    self.dollarsPerHour = dollarsPerHour
    self.listPrice = listPrice ?? ListPrice.last(of: model.name)
  }

  /// Tokens that an answer's token looks back at in the mean.
  public var meanContext: Double { promptLength + answerLength / 2 }

  /// Whether devices of several nodes work together.
  public var spansNodes: Bool { deviceCount > device.nodeDeviceCount }

  /// The smallest power of two of devices whose memory holds the weights and one user's cache.
  ///
  /// - Returns: At least 1; a count that does not hold it where none does.
  public static func smallestDeviceCount(
    _ model: PlannedModel,
    _ device: Accelerator,
    _ precision: PlanPrecision,
    context: Double
  ) -> Int {
    let limit = device.networkLink == nil ? device.nodeDeviceCount : 1024
    var count = 1
    while 2 * count <= limit {
      let scenario = ServingScenario(
        model: model,
        device: device,
        deviceCount: count,
        precision: precision
      )
      let held = ServingMemory(scenario).weights + context * model.cacheByteCount()
      if held <= ServingMemory.usableShare * device.memoryByteCount { break }
      count *= 2
    }
    return count
  }
}
