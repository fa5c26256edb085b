// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// How long a pull takes and how much memory, beside curl.
struct PullMeasurement {
  let machine: HubMachine
  let hub: LoopbackHub
  /// The quickest pull.
  private(set) var pullSeconds = Double.infinity
  /// The quickest transfer by curl.
  private(set) var curlSeconds = Double.infinity
  /// The most memory that a pull held.
  private(set) var peakByteCount = 0

  init(machine: HubMachine, hub: LoopbackHub) {
    self.machine = machine
    self.hub = hub
  }

  /// Writes bytes that no file system makes smaller.
  static func writeRandom(_ byteCount: Int, to path: String) throws {
    let piece = Data(LoopbackModel.randomBytes(1 << 20, seed: 4))
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    var left = byteCount
    while left > 0 {
      try handle.write(contentsOf: piece.prefix(left))
      left -= min(left, piece.count)
    }
    try handle.close()
  }

  /// Pulls once and forgets the model.
  mutating func pull() throws {
    let process = Process()
    process.executableURL = HadalProcess.executable
    process.arguments = ["pull", "org/name"]
    process.environment = ProcessInfo.processInfo.environment
      .merging(machine.environment) { $1 }
      .merging(["HF_ENDPOINT": hub.address]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    let start = ContinuousClock.now
    try process.run()
    // The high-water mark only grows: the last one that is seen is near the end.
    while process.isRunning {
      if let peak = Self.peak(of: process.processIdentifier) {
        peakByteCount = max(peakByteCount, peak)
      }
      usleep(2000)
    }
    pullSeconds = min(pullSeconds, (ContinuousClock.now - start) / .seconds(1))
    guard process.terminationStatus == 0 else { throw CancellationError() }
    SystemFolder.remove(machine.models)
  }

  /// Fetches the same bytes by curl.
  mutating func curl(_ file: LoopbackModel.File) throws {
    let target = machine.root + "/curl"
    let address = "\(hub.address(of: .storage))/blobs/\(file.claimedHash)"
    let start = ContinuousClock.now
    let run = try HadalProcess.shell("curl -s -o '\(target)' '\(address)'")
    curlSeconds = min(curlSeconds, (ContinuousClock.now - start) / .seconds(1))
    guard run.exitCode == 0 else { throw CancellationError() }
    SystemFolder.remove(target)
  }

  private static func peak(of process: Int32) -> Int? {
    let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      .flatMap { Int($0) }
      .map { $0 * 1024 }
  }
}
