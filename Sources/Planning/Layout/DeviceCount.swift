// SPDX-License-Identifier: Apache-2.0

/// How many devices a model needs.
public enum DeviceCount {
  // LIMIT: more than any published run; a model that does not fit then fits nowhere.
  private static let limit = 1 << 16

  /// The scenario with the smallest power of two of devices that some layout fits; with one device
  /// where none does.
  ///
  /// - Parameters:
  ///   - device: The device, which may not be joined to others.
  ///   - scenario: The scenario for a number of devices.
  /// - Throws: `PlanError` where the device cannot do it at all.
  /// - Returns: The scenario.
  public static func smallest(
    upTo device: Accelerator,
    _ scenario: (Int) -> TrainingScenario
  ) throws(PlanError) -> TrainingScenario {
    let limit = device.networkLink == nil ? device.nodeDeviceCount : limit
    var count = 1
    while count <= limit {
      let candidate = scenario(count)
      let search = try LayoutSearch(candidate)
      if search.canHoldState, search.best() != nil { return candidate }
      count *= 2
    }
    return scenario(1)
  }
}
