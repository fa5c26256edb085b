// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Hub
import TestSupport
import Testing

/// Lines that drop, and what an earlier pull left.
@Suite struct ResumeTests {
  private static let model = LoopbackModel.sample(weightByteCount: 3_000_000)
  private let weights = ResumeTests.model.bytes("model.safetensors")

  private func storage(_ hub: LoopbackHub) -> [LoopbackRequest] {
    hub.requests.filter { $0.port == .storage }
  }

  @Test func `a pull that is cut three times goes on each time where it was, and is verified`()
    async throws
  {
    try await withSite(
      [Self.model]
    ) { request, hub in
      guard request.port == .storage, request.repetition < 3 else { return nil }
      return hub.ownAnswer(to: request).cut(after: 700_000)
    } test: { hub, site in
      let progress = PullProgress()
      _ = try await site.pull(progress: progress)
      #expect(try site.bytes("model.safetensors") == weights)
      #expect(storage(hub).map(\.firstByte) == [nil, 700_000, 1_400_000, 2_100_000])
      // Parts are joined only where the tag says that it is the same file.
      let tag = storage(hub).dropFirst().map { $0.headers["if-range"] }
      #expect(tag.allSatisfy { $0 == "\"\(Self.model.files[2].claimedHash)\"" })
      #expect(progress.byteCount == progress.totalByteCount)
      #expect(hub.requests.allSatisfy { $0.port == .hub || $0.headers["authorization"] == nil })
    }
  }

  @Test func `a hub without ranges sends the whole again, and it is right`() async throws {
    try await withSite(
      [Self.model]
    ) { request, hub in
      guard request.port == .storage else { return nil }
      var plain = request
      plain.headers["range"] = nil
      let answer = hub.ownAnswer(to: plain)
      return request.repetition < 2 ? answer.cut(after: 900_000) : answer
    } test: { hub, site in
      let progress = PullProgress()
      _ = try await site.pull(progress: progress)
      #expect(try site.bytes("model.safetensors") == weights)
      #expect(progress.byteCount == progress.totalByteCount)
      #expect(storage(hub).count == 3)
    }
  }

  @Test func `a hub that sends another range than was asked for is asked for the whole`()
    async throws
  {
    try await withSite(
      [Self.model]
    ) { request, hub in
      guard request.port == .storage else { return nil }
      if request.repetition == 0 { return hub.ownAnswer(to: request).cut(after: 900_000) }
      guard request.firstByte != nil else { return nil }
      return LoopbackAnswer(
        206,
        headers: [("content-range", "bytes 5-2999999/3000000")],
        body: .bytes(Array(Self.model.bytes("model.safetensors")[5...]))
      )
    } test: { hub, site in
      _ = try await site.pull()
      #expect(try site.bytes("model.safetensors") == weights)
    }
  }

  @Test func `a range that does not reach the end is gone on with`() async throws {
    try await withSite(
      [Self.model]
    ) { request, hub in
      guard request.port == .storage else { return nil }
      if request.repetition == 0 { return hub.ownAnswer(to: request).cut(after: 900_000) }
      guard let first = request.firstByte, first < 2_000_000 else { return nil }
      return LoopbackAnswer(
        206,
        headers: [("content-range", "bytes \(first)-\(first + 99_999)/3000000")],
        body: .bytes(Array(Self.model.bytes("model.safetensors")[first..<first + 100_000]))
      )
    } test: { _, site in
      _ = try await site.pull()
      #expect(try site.bytes("model.safetensors") == weights)
    }
  }

  // A hub that lets a byte through and drops the line must not be asked for ever.
  @Test func `a line that brings almost nothing is given up`() async throws {
    try await withSite(
      [Self.model]
    ) { request, hub in
      request.port == .storage ? hub.ownAnswer(to: request).cut(after: 10) : nil
    } test: { hub, site in
      let error = try #require(await site.failure())
      #expect(error.exitCode == .unavailable)
      #expect(storage(hub).count == 5)
      #expect(site.files.contains("org/.name.pull/parts/model.safetensors.part"))
      #expect(!SystemFolder.exists(site.models + "/org/name"))
    }
  }

  // Without ranges each attempt begins anew; one that comes farther than the one before is no
  // progress if an earlier one was there already.
  @Test func `a line that drops now here and now there is given up too`() async throws {
    try await withSite(
      [Self.model]
    ) { request, hub in
      guard request.port == .storage else { return nil }
      var plain = request
      plain.headers["range"] = nil
      guard request.repetition < 50 else { return LoopbackAnswer(404) }
      let isLong = request.repetition.isMultiple(of: 2)
      return hub.ownAnswer(to: plain).cut(after: isLong ? 900_000 : 500_000)
    } test: { hub, site in
      let error = try #require(await site.failure())
      #expect(error.exitCode == .unavailable)
      #expect(storage(hub).count < 10)
    }
  }

  @Test func `what an earlier pull left is gone on with`() async throws {
    try await withSite([Self.model]) { hub, site in
      try site.leavePart(Array(weights[..<2_500_000]), of: "model.safetensors")
      let progress = PullProgress()
      _ = try await site.pull(progress: progress)
      #expect(try site.bytes("model.safetensors") == weights)
      #expect(storage(hub).map(\.firstByte) == [2_500_000])
      #expect(progress.byteCount == progress.totalByteCount)
      // What was here is no part of the rate.
      let small = ["config.json", "tokenizer.json"].map { Self.model.bytes($0).count }
      #expect(progress.fetchedByteCount == 500_000 + small.reduce(0, +))
      #expect(site.files.allSatisfy { $0.hasPrefix("org/name/") })
    }
  }

  @Test(arguments: [1_000_000, 3_000_000, 4_000_000])
  func `what is left of something else does no harm`(_ byteCount: Int) async throws {
    try await withSite([Self.model]) { _, site in
      let left = LoopbackModel.randomBytes(byteCount, seed: 77)
      try site.leavePart(left, of: "model.safetensors")
      let progress = PullProgress()
      _ = try await site.pull(progress: progress)
      #expect(try site.bytes("model.safetensors") == weights)
      #expect(progress.byteCount == progress.totalByteCount)
    }
  }

  @Test func `a part that is whole is verified and not fetched`() async throws {
    try await withSite([Self.model]) { hub, site in
      try site.leavePart(weights, of: "model.safetensors")
      _ = try await site.pull()
      #expect(storage(hub).isEmpty)
    }
  }

  @Test func `a part that shares its bytes with a file in use is not written to`() async throws {
    try await withSite([Self.model]) { _, site in
      let other = LoopbackModel.randomBytes(1000, seed: 5)
      try SystemFolder.write(other, to: site.root + "/in-use")
      try site.leavePart([], of: "model.safetensors")
      let part = site.models + "/org/.name.pull/parts/model.safetensors.part"
      SystemFolder.remove(part)
      try SystemFolder.addName(part, of: site.root + "/in-use")
      _ = try await site.pull()
      #expect(try site.bytes("../../../../../in-use") == other)
    }
  }

  @Test func `a pull that was killed between two renames loses neither model`() async throws {
    try await withSite([Self.model]) { _, site in
      let pulled = try await site.pull()
      let staging = site.models + "/org/.name.pull"
      try SystemFolder.write([], to: staging + "/whole/half")
      try SystemFolder.move(pulled.folder, to: staging + "/old")
      #expect(try await site.pull().folder == pulled.folder)
      #expect(site.files.allSatisfy { $0.hasPrefix("org/name/") }, "\(site.files)")
    }
  }

  @Test func `a second pull of one model is told to come again, of another it is not`()
    async throws
  {
    let other = LoopbackModel.sample("b/c", seed: 2)
    try await withSite([Self.model, other]) { _, site in
      let name = try #require(ModelName("org/name"))
      let first = ModelPull(name, settings: try site.settings())
      let plan = try await first.prepare()
      let error = try #require(await site.failure())
      #expect(error.reason == .busy && error.exitCode == .tryAgain)
      let models = LocalModels(try site.settings())
      #expect(throws: HubError.self) { try models.remove(name) }
      _ = try await site.pull("b/c")
      _ = try await first.run(plan)
      #expect(try site.bytes("model.safetensors") == weights)
    }
  }

  @Test func `a pull that is cancelled ends soon and keeps what came`() async throws {
    try await withSite(
      [Self.model]
    ) { request, hub in
      guard request.port == .storage else { return nil }
      var answer = hub.ownAnswer(to: request)
      answer.stall = 2_000_000
      return answer
    } test: { hub, site in
      let task = Task { try await site.pull() }
      while storage(hub).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      let part = site.models + "/org/.name.pull/parts/model.safetensors.part"
      while SystemFolder.byteCount(part) < 1_000_000 { try await Task.sleep(for: .milliseconds(5)) }
      let start = ContinuousClock.now
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(ContinuousClock.now - start < .seconds(5))
      #expect(SystemFolder.byteCount(part) >= 1_000_000)
    }
  }
}
