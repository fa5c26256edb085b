// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import TestSupport

/// A machine of one test: its folders, and pulls to them.
struct PullSite {
  /// The folder of everything.
  let root: String
  private let environment: [String: String]

  init(_ hub: LoopbackHub, _ more: [String: String] = [:]) throws {
    root = try SystemFolder.makeTemporary()
    environment = [
      "HOME": root + "/home", "XDG_DATA_HOME": root + "/data", "HF_HOME": root + "/hf",
      "HF_ENDPOINT": hub.address,
    ].merging(more) { $1 }
  }

  /// Where pulled models lie.
  var models: String { root + "/data/hadal/models" }

  /// The cache of other programs.
  var cache: String { root + "/hf/hub" }

  /// The settings, impatient enough for a test.
  func settings(attempts: Int = 5, stallMilliseconds: Int = 10_000) throws -> HubSettings {
    var settings = try HubSettings(environment: environment)
    settings.patience.attemptCount = attempts
    settings.patience.firstDelay = .milliseconds(1)
    settings.patience.stallLimit = .milliseconds(stallMilliseconds)
    settings.patience.progressByteCount = 1000
    return settings
  }

  /// Pulls a model.
  func pull(
    _ text: String = "org/name",
    _ selection: FileSelection = FileSelection(),
    isForced: Bool = false,
    progress: PullProgress = PullProgress(),
    settings: HubSettings? = nil
  ) async throws -> LocalModel {
    guard let name = ModelName(text) else { throw CancellationError() }
    let pull = ModelPull(
      name,
      selection: selection,
      isForced: isForced,
      settings: try settings ?? self.settings()
    )
    return try await pull.run(try await pull.prepare(), progress: progress)
  }

  /// The error with which a pull ends.
  func failure(_ text: String = "org/name", settings: HubSettings? = nil) async -> HubError? {
    do {
      _ = try await pull(text, settings: settings)
      return nil
    } catch {
      return error as? HubError
    }
  }

  /// The bytes of a pulled file.
  func bytes(_ path: String, of model: String = "org/name") throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(models)/\(model)/\(path)")))
  }

  /// Every file below the models' folder, as a path below it, sorted.
  var files: [String] {
    let found = FileManager.default.enumerator(atPath: models)?.allObjects ?? []
    return found.compactMap { $0 as? String }
      .filter { path in
        let type = try? FileManager.default.attributesOfItem(atPath: "\(models)/\(path)")[.type]
        return type as? FileAttributeType != .typeDirectory
      }
      .sorted()
  }

  /// Removes everything.
  func remove() { SystemFolder.remove(root) }

  /// A part that a stopped pull left.
  func leavePart(_ bytes: [UInt8], of path: String) throws {
    try SystemFolder.write(bytes, to: "\(models)/org/.name.pull/parts/\(path).part")
  }
}

/// Runs a test with a hub and a machine.
func withSite<Result>(
  _ models: [LoopbackModel] = [.sample()],
  token: String? = nil,
  environment: [String: String] = [:],
  pageLength: Int = 1000,
  fault: @escaping LoopbackHub.Fault = { _, _ in nil },
  test: (LoopbackHub, PullSite) async throws -> Result
) async throws -> Result {
  try await LoopbackHub.with(models, token: token, pageLength: pageLength, fault: fault) { hub in
    let site = try PullSite(hub, environment)
    defer { site.remove() }
    return try await test(hub, site)
  }
}
