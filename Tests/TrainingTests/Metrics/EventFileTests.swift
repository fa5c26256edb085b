// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import Training

/// Event files, read by a reader of their formats alone and, with the clients, by TensorBoard.
@Suite struct EventFileTests {
  private static let time = 1_795_300_217.25

  private func writer(_ folder: RunFolder, resumedAfter step: Int? = nil) throws -> EventFileWriter
  {
    try EventFileWriter(folder: folder.path, time: Self.time, host: "host", resumedAfter: step)
  }

  private func events(_ writer: EventFileWriter) throws -> [EventFileReader.Event] {
    try EventFileReader.events(Oracles.bytes(at: writer.path))
  }

  @Test func `the reader's checksum is the published one`() {
    // RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
    #expect(EventFileReader.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(EventFileReader.checksum([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
    #expect(EventFileReader.checksum(Array(0..<32)) == 0x46DD_794E)
    #expect(EventFileReader.checksum(Array("123456789".utf8)) == 0xE306_9283)
  }

  @Test func `a file begins with its version, and its name is one that TensorBoard looks for`()
    throws
  {
    let folder = try RunFolder()
    let writer = try writer(folder)
    #expect(writer.path == folder.path + "/events.out.tfevents.1795300217.host")
    let first = EventFileReader.Event(time: Self.time, step: 0, version: "brain.Event:2")
    #expect(try events(writer) == [first])
  }

  @Test func `all numbers of a step are there under their names`() throws {
    let folder = try RunFolder()
    let writer = try writer(folder)
    let metrics = StepMetrics.sample(25)
    try writer.write(metrics, time: Self.time + 1)
    let event = try #require(try events(writer).last)
    #expect(event.step == 25 && event.time == Self.time + 1)
    let expected: [String: Double?] = [
      "loss/train": metrics.loss, "loss/validation": metrics.validationLoss,
      "loss/mtp": metrics.predictionLoss, "loss/balance": metrics.balanceLoss,
      "optimizer/learning_rate": metrics.learningRate,
      "optimizer/gradient_norm": metrics.gradientNorm,
      "speed/tokens_per_s": metrics.tokensPerSecond, "speed/share_of_peak": metrics.shareOfPeak,
      "speed/step_s": metrics.seconds, "progress/tokens": Double(metrics.tokens),
      "experts/max_vio_layer_1": metrics.expertLoads[0].maxViolation,
      "experts/max_vio_layer_2": metrics.expertLoads[1].maxViolation,
      "experts/bias_drift_layer_1": metrics.expertLoads[0].biasDrift,
      "experts/bias_drift_layer_2": metrics.expertLoads[1].biasDrift,
    ]
    #expect(event.scalars == expected.compactMapValues { $0.map(Float.init) })
  }

  @Test func `what was not measured is not there, and NaN is`() throws {
    let folder = try RunFolder()
    let writer = try writer(folder)
    let metrics = StepMetrics(
      step: 300,
      tokens: 1,
      loss: .nan,
      learningRate: 0,
      gradientNorm: .infinity,
      seconds: 1
    )
    try writer.write(metrics, time: Self.time)
    let event = try #require(try events(writer).last)
    #expect(event.step == 300 && event.scalars.count == 5)
    #expect(event.scalars["loss/train"]?.isNaN == true)
    #expect(event.scalars["optimizer/gradient_norm"] == .infinity)
  }

  @Test func `a sample is a text`() throws {
    let folder = try RunFolder()
    let writer = try writer(folder)
    let text = "漢字 <b> " + String(repeating: "long ", count: 1000)
    try writer.write(text: text, tag: "samples/1", step: 7, time: Self.time)
    let event = try #require(try events(writer).last)
    #expect(event.texts == ["samples/1": text] && event.plugins == ["samples/1": "text"])
    #expect(event.step == 7 && event.scalars.isEmpty)
  }

  @Test func `a run that goes on has a file of its own that voids later steps`() throws {
    let folder = try RunFolder()
    let first = try writer(folder)
    let second = try writer(folder, resumedAfter: 40)
    #expect(second.path == first.path + ".1")
    let event = try #require(try events(second).last)
    #expect(event.step == 41 && event.sessionStatus == 1)
    #expect(try events(first).count == 1)
  }

  @Test func `a host's name cannot leave the folder`() throws {
    let folder = try RunFolder()
    let writer = try EventFileWriter(folder: folder.path, time: -5, host: "../ä b")
    #expect(writer.path == folder.path + "/events.out.tfevents.0000000000...---b")
  }

  // Method: a run of two parts, its second begun after step 60 of 80, is read by TensorBoard's own
  // package and held against metrics.jsonl, step by step and tag by tag.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["HADAL_TENSORBOARD_PYTHON"] != nil,
      "needs a Python with tensorboard, named by HADAL_TENSORBOARD_PYTHON"
    )
  )
  func `TensorBoard reads the events as they were written`() throws {
    let folder = try RunFolder()
    do {
      let log = try MetricsLog(creating: folder.metricsPath)
      let writer = try writer(folder)
      for step in 1...80 {
        try log.append(.sample(step))
        try writer.write(.sample(step), time: Self.time + Double(step))
      }
    }
    let log = try MetricsLog(resuming: folder.metricsPath, after: 60)
    let writer = try EventFileWriter(
      folder: folder.path,
      time: Self.time + 100,
      host: "host",
      resumedAfter: 60
    )
    for step in 61...90 {
      try log.append(.sample(step))
      try writer.write(.sample(step), time: Self.time + 100 + Double(step))
    }
    try writer.write(text: "Once <b>upon", tag: "samples/1", step: 90, time: Self.time + 200)
    let python = Process()
    python.executableURL = URL(
      fileURLWithPath: ProcessInfo.processInfo.environment["HADAL_TENSORBOARD_PYTHON"] ?? ""
    )
    python.arguments = [Oracles.packageRoot + "/Tests/Clients/check_events.py", folder.path]
    let output = Pipe()
    python.standardOutput = output
    python.standardError = output
    try python.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    python.waitUntilExit()
    let text = String(decoding: said, as: UTF8.self)
    #expect(python.terminationStatus == 0, "\(text)")
    #expect(text.contains("90 steps"), "\(text)")
  }
}
