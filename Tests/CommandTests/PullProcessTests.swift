// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Pulls as processes: killed, interrupted, two at once, on a full disk, and how much they take.
@Suite struct PullProcessTests {
  private static let model = LoopbackModel.sample(weightByteCount: 6_000_000)
  private let weights = PullProcessTests.model.bytes("model.safetensors")

  /// A storage that stops in the middle of a file, once.
  private static let stopping: LoopbackHub.Fault = { request, hub in
    guard request.port == .storage, request.repetition == 0 else { return nil }
    var answer = hub.ownAnswer(to: request)
    answer.stall = 2_000_000
    return answer
  }

  private func pulledWeights(_ machine: HubMachine) throws -> [UInt8] {
    Array(
      try Data(contentsOf: URL(fileURLWithPath: machine.models + "/org/name/model.safetensors"))
    )
  }

  @Test func `a pull that is killed goes on where it was`() async throws {
    try await HubMachine.with([Self.model], fault: Self.stopping) { hub, machine in
      let process = try machine.start(["pull", "org/name"])
      try machine.waitForPart("model.safetensors", byteCount: 1_000_000)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(!SystemFolder.exists(machine.models + "/org/name"))
      #expect(try machine.listedLines().isEmpty)
      let again = try machine.run(["pull", "org/name"])
      #expect(again.exitCode == 0, "\(again.errors)")
      #expect(try pulledWeights(machine) == weights)
      let first = hub.requests.filter { $0.port == .storage }.last?.firstByte ?? 0
      #expect(first >= 1_000_000)
      #expect(!SystemFolder.exists(machine.parts))
    }
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a pull that is interrupted ends in order and keeps its parts`(
    _ signal: Int32,
    _ code: Int32
  ) async throws {
    try await HubMachine.with([Self.model], fault: Self.stopping) { _, machine in
      let process = try machine.start(["pull", "org/name"])
      try machine.waitForPart("model.safetensors", byteCount: 1_000_000)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == code)
      #expect(SystemFolder.byteCount(machine.parts + "/model.safetensors.part") >= 1_000_000)
      let removed = try machine.run(["remove", "org/name"])
      #expect(removed.output == "removed org/name, parts of it alone\n")
      #expect(try SystemFolder.names(in: machine.models).isEmpty)
    }
  }

  @Test func `of two pulls of one model the second is told to come again`() async throws {
    try await HubMachine.with([Self.model], fault: Self.stopping) { _, machine in
      let first = try machine.start(["pull", "org/name"], ["HF_HUB_DOWNLOAD_TIMEOUT": "10"])
      try machine.waitForPart("model.safetensors", byteCount: 1_000_000)
      let second = try machine.run(["pull", "org/name"])
      #expect(second.exitCode == 75)
      #expect(second.errors.hasPrefix("hadal: another process"))
      #expect(try machine.run(["remove", "org/name"]).exitCode == 75)
      first.waitUntilExit()
      #expect(first.terminationStatus == 0)
      #expect(try pulledWeights(machine) == weights)
    }
  }

  @Test func `a write that fails is an error, and what was written is gone on with`()
    async throws
  {
    try await HubMachine.with([Self.model]) { hub, machine in
      // A limit of 2 MB a file stands for a full disk; its signal is ignored, so that write says
      // no.
      let pull = try machine.shell(
        "trap '' XFSZ; ulimit -f 2000; exec \"$HADAL\" pull org/name"
      )
      #expect(pull.exitCode == 74, "\(pull.errors)")
      #expect(pull.errors.hasPrefix("hadal: cannot write the file: File too large"))
      #expect(!SystemFolder.exists(machine.models + "/org/name"))
      let again = try machine.run(["pull", "org/name"])
      #expect(again.exitCode == 0, "\(again.errors)")
      #expect(try pulledWeights(machine) == weights)
      #expect(hub.requests.filter { $0.port == .storage }.last?.firstByte ?? 0 > 1_000_000)
    }
  }

  private static let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] != nil

  @Test(arguments: [1, 4])
  func `memory stays small whatever the files' size`(_ fileCount: Int) async throws {
    try await HubMachine.with([]) { _, machine in
      try await measure(machine, byteCount: 300_000_000, fileCount: fileCount, rateBound: nil)
    }
  }

  // Method: the same file from the same hub by curl and by us, in turns, the quickest of three
  // each.
  @Test(.enabled(if: isLong, "HADAL_LONG=1"))
  func `2 GB come at four fifths of curl's rate, verified`() async throws {
    try await HubMachine.with([]) { _, machine in
      try await measure(machine, byteCount: 2_000_000_000, rateBound: 0.8)
    }
  }

  private func measure(
    _ machine: HubMachine,
    byteCount: Int,
    fileCount: Int = 1,
    rateBound: Double?
  ) async throws {
    let place = machine.root + "/weights"
    try PullMeasurement.writeRandom(byteCount, to: place)
    let file = try LoopbackModel.File("model.safetensors", onDisk: place)
    let files = (0..<fileCount).map { index in
      var file = file
      file.path = "model-\(index).safetensors"
      return file
    }
    let model = LoopbackModel(files: files)
    try await LoopbackHub.with([model]) { hub in
      var measurement = PullMeasurement(machine: machine, hub: hub)
      for _ in 0..<(rateBound == nil ? 1 : 3) {
        try measurement.pull()
        if rateBound != nil { try measurement.curl(file) }
      }
      #expect(measurement.peakByteCount < 64_000_000, "\(measurement.peakByteCount)")
      #expect(measurement.peakByteCount > 1_000_000)
      guard let rateBound else { return }
      let rates = [measurement.pullSeconds, measurement.curlSeconds].map { Double(byteCount) / $0 }
      print(
        "pull \(rates[0] / 1e6) MB/s, curl \(rates[1] / 1e6) MB/s,",
        "peak \(measurement.peakByteCount / 1_000_000) MB"
      )
      #expect(rates[0] >= rateBound * rates[1])
    }
  }
}
