// SPDX-License-Identifier: Apache-2.0

import JSON
import Planning
import TestSupport
import Testing

/// The planner against what is published.
///
/// Method: the bars are those of issue 15; the page is held to what the program would write, so that
/// neither a figure nor a share can change unseen.
@Suite struct PublishedCheckTests {
  private static let check = Result { try PublishedCheck(KnownModels.catalog) }

  @Test func `every row is near, or says why it is not`() throws {
    let check = try Self.check.get()
    let offenders = check.rows.filter { !$0.isAccepted }.map {
      "\($0.run), \($0.figure): \($0.error)"
    }
    #expect(offenders.isEmpty, "\(offenders)")
    #expect(check.isAccepted)
    for row in check.rows {
      #expect(row.published > 0 && row.predicted.isFinite && !row.source.isEmpty, "\(row.run)")
      if !row.isFitted, row.error == 0 { #expect(row.errorLeftOut == 0) }
    }
  }

  @Test func `training times meet their bars, each predicted from the others alone`() throws {
    let check = try Self.check.get()
    #expect(check.timeRows.count >= 12)
    #expect(check.medianError <= 0.15)
    #expect(Double(check.count(within: 0.2)) >= Double(check.timeRows.count) * 8 / 12)
    #expect(check.timeRows.allSatisfy { ["hours", "minutes", "days"].contains($0.figure) })
    // No row is explained away that lies within.
    let outside = check.timeRows.filter { abs($0.errorLeftOut) > 0.2 }
    #expect(outside.allSatisfy { $0.reason != nil })
  }

  @Test func `parameters and cache are exact, operations within 2 % or explained`() throws {
    let check = try Self.check.get()
    let exact = check.rows.filter {
      $0.figure == "parameters" || $0.figure == "cache_bytes_per_token"
    }
    #expect(exact.count >= 20 && exact.allSatisfy(\.isWithin))
    for row in check.rows where row.figure == "flops_per_token" {
      #expect(abs(row.error) <= 0.02 || row.reason != nil, "\(row.run)")
    }
  }

  @Test func `four shares are free, and each serves more than one run`() throws {
    let check = try Self.check.get()
    #expect(check.assumptions.count == 4)
    #expect(Set(check.assumptions.map(\.name)).count == 4)
    // The shares that plans use are those that a fit finds, to the digits that are written down.
    for (used, found) in zip(Efficiencies.fitted.assumptions, check.assumptions) {
      #expect(abs(used.value - found.value) <= 0.0006, "\(used.name): \(found.value)")
      #expect(used.value > 0 && used.value <= 1)
    }
    let records = TrainingRecords.all
    let newer = records.filter { $0.device.kind == .withFP8 }
    let older = records.filter { $0.device.kind == .beforeFP8 }
    let wide = records.filter { $0.deviceCount > $0.device.nodeDeviceCount }
    let mixed = try records.filter { try KnownModels.catalog.model($0.model).hasMixture }
    for served in [newer, older, wide, mixed] { #expect(Set(served.map(\.group)).count > 1) }
  }

  @Test func `a run is predicted without itself`() throws {
    // With fewer runs the shares move: a row's own is not among those that predict it.
    let check = try Self.check.get()
    #expect(check.timeRows.contains { $0.error != $0.errorLeftOut })
  }

  @Test func `the page is what the program writes`() throws {
    let path = Oracles.packageRoot + "/Documentation/PlanCheck.md"
    let page = String(decoding: try Oracles.bytes(at: path), as: UTF8.self)
    #expect(try Self.check.get().markdown == page, "run scripts/update-plan-check")
  }

  @Test func `rows have the contract's names`() throws {
    let check = try Self.check.get()
    let row = try #require(check.rows.first { $0.reason != nil })
    let root = try JSONDocument(Array(row.json.text.utf8)).root
    for key in ["run", "figure", "reason"] { #expect(root[key]?.string != nil) }
    for key in ["published", "predicted", "error", "error_left_out"] {
      #expect(root[key]?.double != nil)
    }
    let summary = try JSONDocument(Array(check.summary.text.utf8)).root
    #expect(summary["rows"]?.integer == check.rows.count)
    #expect(summary["assumptions"]?.array?.count == 4)
  }
}
