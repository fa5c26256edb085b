// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Foundation
import JSON
import TestSupport
import Testing
import Training

/// The log of a run's steps, over stops and goings-on.
@Suite struct MetricsLogTests {
  @Test func `rows that are read are those that were written`() throws {
    let folder = try RunFolder()
    var rows = (1...30).map { StepMetrics.sample($0) }
    rows[3].expertLoads = []
    rows[4].tokensPerSecond = nil
    let log = try MetricsLog(creating: folder.metricsPath)
    for row in rows {
      try log.append(row)
      // Each row is there for others at once.
      #expect(try MetricsLog.rows(of: folder.metricsPath).last == row)
    }
    try log.flush()
    #expect(try MetricsLog.rows(of: folder.metricsPath) == rows)
  }

  @Test func `a row has the names that other programs read`() throws {
    var row = StepMetrics.sample(25, layers: 1, experts: 4)
    row.expertLoads[0].counts = [1, 2, 3, 10]
    let value = try JSONDocument(Array(row.json.text.utf8)).root
    #expect(
      value.object.map { $0.map(\.key) } == [
        "step", "tokens", "loss", "validation_loss", "mtp_loss", "balance_loss", "learning_rate",
        "gradient_norm", "tokens_per_s", "share_of_peak", "seconds", "layers",
      ]
    )
    let layer = try #require(value["layers"]?.array?.first { _ in true })
    #expect(layer["layer"]?.integer == 1)
    #expect(layer["max_vio"]?.double == 1.5)
    #expect(layer["load"]?.array?.compactMap(\.integer) == [1, 2, 3, 10])
  }

  @Test func `what is not finite comes back as NaN`() throws {
    let folder = try RunFolder()
    var row = StepMetrics.sample(1)
    row.loss = .nan
    row.gradientNorm = .infinity
    try MetricsLog(creating: folder.metricsPath).append(row)
    let read = try #require(try MetricsLog.rows(of: folder.metricsPath).first)
    #expect(read.loss.isNaN && read.gradientNorm.isNaN)
    #expect(read.learningRate == row.learningRate)
  }

  @Test(arguments: [0, 1, 7, 10, 99])
  func `a run that goes on drops the rows of later steps`(_ step: Int) throws {
    let folder = try RunFolder()
    do {
      let log = try MetricsLog(creating: folder.metricsPath)
      for number in 1...10 { try log.append(.sample(number)) }
    }
    let whole = try folder.bytes()
    var kept: [Int] = []
    let log = try MetricsLog(resuming: folder.metricsPath, after: step) { kept.append($0.step) }
    #expect(kept == Array((1...10).prefix(step)))
    #expect(log.lastStep == min(step, 10))
    let lines = whole.split(separator: UInt8(ascii: "\n")).prefix(step)
    #expect(try folder.bytes() == lines.flatMap { $0 + [UInt8(ascii: "\n")] })
    for number in log.lastStep + 1..<11 { try log.append(.sample(number)) }
    // The same steps give the same bytes.
    #expect(try folder.bytes() == whole)
  }

  @Test func `a last row that was not finished is dropped`() throws {
    let folder = try RunFolder()
    do {
      let log = try MetricsLog(creating: folder.metricsPath)
      for number in 1...3 { try log.append(.sample(number)) }
    }
    let whole = try folder.bytes()
    try SystemFolder.write(whole.dropLast(20), to: folder.metricsPath)
    #expect(try MetricsLog.rows(of: folder.metricsPath).count == 2)
    let log = try MetricsLog(resuming: folder.metricsPath, after: 3)
    #expect(log.lastStep == 2)
    #expect(try MetricsLog.rows(of: folder.metricsPath).count == 2)
    #expect(try folder.bytes().last == UInt8(ascii: "\n"))
    try log.append(.sample(3))
    #expect(try folder.bytes() == whole)
  }

  @Test func `rows that cannot be are named by their line`() throws {
    let folder = try RunFolder()
    let row = StepMetrics.sample(1).json.text
    for (text, reason) in [
      (row + "\n#\n", MetricsError.Reason.badRow("JSON has an unexpected '#'")),
      (row + "\n{}\n", .badRow("a field is absent or of another kind")),
      (row + "\n" + row + "\n", .stepsNotRising(step: 1, after: 1)),
    ] {
      try SystemFolder.write(Array(text.utf8), to: folder.metricsPath)
      let error = MetricsError(reason, file: folder.metricsPath, line: 2)
      #expect(throws: error) { try MetricsLog.rows(of: folder.metricsPath) }
      #expect(throws: error) { _ = try MetricsLog(resuming: folder.metricsPath, after: 9) }
      #expect(error.exitCode == .badData)
      #expect(try folder.bytes() == Array(text.utf8))
    }
  }

  @Test func `two runs do not write one log`() throws {
    let folder = try RunFolder()
    let log = try MetricsLog(creating: folder.metricsPath)
    #expect(throws: MetricsError(.held, file: folder.metricsPath)) {
      _ = try MetricsLog(resuming: folder.metricsPath, after: 0)
    }
    try log.append(.sample(5))
    #expect(throws: MetricsError(.stepsNotRising(step: 5, after: 5), file: folder.metricsPath)) {
      try log.append(.sample(5))
    }
    #expect(log.lastStep == 5)
  }

  @Test func `a new run does not go on with another one's log`() throws {
    let folder = try RunFolder()
    do { try MetricsLog(creating: folder.metricsPath).append(.sample(1)) }
    let error = MetricsError(.alreadyThere, file: folder.metricsPath)
    #expect(throws: error) { _ = try MetricsLog(creating: folder.metricsPath) }
    #expect(error.exitCode == .cannotCreate)
  }

  @Test func `load violation is the largest excess over the mean`() {
    #expect(ExpertLoad(layer: 0, counts: [4, 4, 4, 4]).maxViolation == 0)
    #expect(ExpertLoad(layer: 0, counts: [0, 0, 0, 8]).maxViolation == 3)
    #expect(ExpertLoad(layer: 0, counts: [0, 0]).maxViolation == 0)
    #expect(ExpertLoad(layer: 0, counts: []).maxViolation == 0)
  }
}
