// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// `hadal train --until`.
@Suite struct TrainUntilTests {
  private func train(_ folder: borrowing TrainingFolder, _ arguments: String...) throws -> Int {
    let command = ["train", folder.recipe, "--out"] + arguments
    return try Int(HadalProcess.run(command, environment: folder.environment).exitCode)
  }

  // The schedules change on the way: those of a shorter recipe would have changed before.
  @Test func `a run stops after the step, and goes on as if it had not`() throws {
    let folder = try TrainingFolder("steps: 12\ncheckpoints: {every: 100, keep: 9}")
    let (whole, parted) = (folder.path + "/whole", folder.path + "/parted")
    #expect(try train(folder, whole) == 0)
    #expect(try train(folder, parted, "--until", "9") == 0)
    #expect(try SystemFolder.names(in: parted + "/checkpoints") == ["step-00000009"])
    #expect(try train(folder, parted, "--until", "9", "--resume") == 0)
    #expect(try SystemFolder.names(in: parted + "/checkpoints") == ["step-00000009"])
    #expect(try train(folder, parted, "--until", "99", "--resume") == 0)
    let weights = "/checkpoints/step-00000012/model.safetensors"
    #expect(try Oracles.bytes(at: parted + weights) == Oracles.bytes(at: whole + weights))
  }

  @Test func `a step before the first is no step`() throws {
    let folder = try TrainingFolder()
    #expect(try train(folder, folder.path + "/run", "--until", "0") == 64)
  }
}
