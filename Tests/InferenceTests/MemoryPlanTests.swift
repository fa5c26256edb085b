// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Inference
import Testing

// Method: the machine's memory is given, not measured, and what fits is worked out by hand.
@Suite struct MemoryPlanTests {
  private func plan(available: Int?) -> MemoryPlan {
    MemoryPlan(
      weightByteCount: 2_000_000_000,
      cacheBytesPerPosition: 1_000_000,
      bufferByteCount: 100_000_000,
      availableByteCount: available,
      modelContextLength: 4096
    )
  }

  @Test(arguments: [
    (nil, 4096), (9_000_000_000, 4096), (6_196_000_000, 4096), (6_195_999_999, 4095),
    (2_164_000_000, 64), (2_100_000_000, 0), (1_000_000_000, 0), (0, 0),
  ])
  func `the context is what memory leaves after weights and buffers`(
    available: Int?,
    contextLength: Int
  ) {
    #expect(plan(available: available).contextLength == contextLength)
  }

  @Test func `room for 64 positions is enough, for one fewer is not`() throws {
    try plan(available: 2_164_000_000).check(place: "folder")
    #expect(throws: LoadError.self) { try plan(available: 2_163_999_999).check(place: "folder") }
    try plan(available: nil).check(place: "folder")
  }

  @Test(arguments: [
    (nil, 4, 16_384_000_000), (1_000_000_000_000, 1, 4_096_000_000),
    (6_100_000_000, 4, 2_000_000_000), (2_000_000_000, 4, 0),
  ])
  func `caches get half of what is left, and no more than answers can need`(
    available: Int?,
    count: Int,
    byteCount: Int
  ) {
    #expect(plan(available: available).cacheByteCount(sequenceCount: count) == byteCount)
  }

  @Test func `a short model needs room for its own context alone`() throws {
    var short = plan(available: 2_108_000_000)
    short.modelContextLength = 8
    try short.check(place: "folder")
    short.availableByteCount = 2_107_999_999
    #expect(throws: LoadError.self) { try short.check(place: "folder") }
  }

  @Test func `a machine that is too small hears what is needed, what there is and what to do`() {
    let error = #expect(throws: LoadError.self) {
      try plan(available: 1_500_000_000).check(place: "models/large")
    }
    #expect(
      error?.what
        == "weights need 2.0 GB and 64 cached tokens 64.0 MB, 1.5 GB are free"
    )
    #expect(error?.place == "models/large")
    #expect(error?.remedy == "a smaller model, or a machine with more memory")
    #expect(error?.exitCode == .unavailable)
  }
}
