// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A machine of one test with a hub beside it: the folders and variables of `hadal`.
struct HubMachine {
  /// The folder of everything.
  let root: String
  let environment: [String: String]

  /// Where pulled models lie.
  var models: String { root + "/data/hadal/models" }

  /// Where the model `org/name` gathers its parts.
  var parts: String { models + "/org/.name.pull/parts" }

  private init(_ hub: LoopbackHub) throws {
    root = try SystemFolder.makeTemporary()
    environment = [
      "HOME": root + "/home", "XDG_DATA_HOME": root + "/data", "XDG_CACHE_HOME": "",
      "HF_HOME": root + "/hf", "HF_ENDPOINT": hub.address, "HF_TOKEN": "", "HF_HUB_CACHE": "",
      "HF_HUB_OFFLINE": "", "HF_HUB_DOWNLOAD_TIMEOUT": "",
    ]
  }

  /// Runs a test with a hub and a machine.
  static func with<Result>(
    _ models: [LoopbackModel],
    token: String? = nil,
    fault: @escaping LoopbackHub.Fault = { _, _ in nil },
    test: (LoopbackHub, HubMachine) async throws -> Result
  ) async throws -> Result {
    try await LoopbackHub.with(models, token: token, fault: fault) { hub in
      let machine = try HubMachine(hub)
      defer { SystemFolder.remove(machine.root) }
      return try await test(hub, machine)
    }
  }

  /// Runs the program to its end.
  func run(
    _ arguments: [String],
    _ more: [String: String] = [:]
  ) throws -> HadalProcess.Outcome {
    try HadalProcess.run(arguments, environment: environment.merging(more) { $1 })
  }

  /// What `list` prints of models on the machine; the one within the program is none of them.
  func listedLines() throws -> [String] {
    try run(["list"]).lines.filter { !$0.contains("  built in  ") }
  }

  /// Runs a line of shell in which `"$HADAL"` is the program.
  func shell(_ line: String) throws -> HadalProcess.Outcome {
    try HadalProcess.shell("\(exports); \(line)")
  }

  /// Opens a window of tmux in which a line of shell runs, as in `shell`.
  func window(width: Int, _ line: String) throws -> TmuxWindow {
    let command = "\(exports); export HADAL='\(HadalProcess.executable.path)'; \(line)"
    return try TmuxWindow(width: width, height: 12, command: command)
  }

  private var exports: String {
    environment.map { "export \($0.key)='\($0.value)'" }.joined(separator: "; ")
  }

  /// Starts the program.
  func start(_ arguments: [String], _ more: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = HadalProcess.executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      .merging(more) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Waits until the part of a file of `org/name` has so many bytes.
  ///
  /// It keeps its thread: other tests wait for processes on the threads of tasks, and whoever gives
  /// one away may get it back too late.
  func waitForPart(_ path: String, byteCount: Int) throws {
    let start = ContinuousClock.now
    while SystemFolder.byteCount("\(parts)/\(path).part") < byteCount {
      guard ContinuousClock.now - start < .seconds(60) else { throw CancellationError() }
      usleep(5000)
    }
  }
}
