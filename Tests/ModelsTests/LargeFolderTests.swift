// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Foundation
import JSON
import Models
import Testing

@Suite struct LargeFolderTests {
  private static let folder = ProcessInfo.processInfo.environment["HADAL_V3_LAYOUT"]

  // Method: `scripts/make-v3-layout` makes the folder of the published model without its weights;
  // a new process must be through with all that `inspect` does within 2 seconds.
  @Test(.enabled(if: folder != nil, "HADAL_V3_LAYOUT names no folder of scripts/make-v3-layout"))
  func `the published V3 is inspected within two seconds`() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let source = try CheckpointFolder(path: Self.folder ?? "")
    let opened = clock.now
    let architecture = try Architecture(configuration: source.configuration().root)
    let check = CheckpointCheck(source, architecture)
    let checked = clock.now
    let summary = ModelSummary(architecture, isTied: check.isTied)
    let names = source.names
    let end = clock.now
    print("opened \(opened - start), checked \(checked - opened), counted \(end - checked)")
    #expect(names.count == 91_991)
    #expect(check.problems == [] && check.hasPredictionLayers)
    #expect(summary.parameters.total == 671_026_419_200)
    #expect(summary.parameters.prediction == 11_610_068_224)
    #expect(end - start < .seconds(2))
  }
}
