// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Hub
import TestSupport
import Testing

/// Hubs that fail, lie or are something else.
///
/// Method: one fault a case, on one kind of request; the
/// pull must end with the contract's code and three parts, and leave nothing but parts behind.
@Suite struct FaultTests {
  @Test(arguments: HubFault.statuses + HubFault.lies + HubFault.cuts)
  func `a pull ends with words and a code, and nothing half-written is seen`(
    _ fault: HubFault
  )
    async throws
  {
    try await withSite(fault: fault.fault) { hub, site in
      let settings = try site.settings(attempts: 2, stallMilliseconds: fault.stallLimit)
      let error = try #require(await site.failure(settings: settings))
      #expect(error.exitCode == fault.code, "\(error)")
      #expect(error.what.contains(fault.says), "\(error)")
      #expect(error.place != nil && error.remedy != nil, "\(error)")
      #expect(!SystemFolder.exists(site.models + "/org/name"))
      #expect(site.files.allSatisfy { $0.hasSuffix(".part") }, "\(site.files)")
      #expect(hub.requests.count < 420)
      if fault.code == .badData {
        #expect(!site.files.contains { $0.hasSuffix(fault.spoiled + ".part") }, "\(site.files)")
      }
    }
  }

  @Test(arguments: [
    "../escape.json", "/etc/escape.json", "a/../../escape.json", "..\\escape.json", "a\u{0}.json",
    "a/./b.json", "a//b.json", "\u{1B}]0;title\u{7}.json", ".hadal.json",
  ])
  func `a path that climbs out of the folder ends the pull before the first byte`(
    _ path: String
  )
    async throws
  {
    let model = LoopbackModel(files: [.init("config.json", "{}"), .init(path, "{}")])
    try await withSite([model]) { hub, site in
      let error = try #require(await site.failure())
      #expect(error.exitCode == .badData)
      #expect(error.what.unicodeScalars.allSatisfy { $0.value >= 0x20 })
      #expect(hub.requests.allSatisfy { $0.path.hasPrefix("/api/") })
      #expect(site.files.isEmpty)
    }
  }

  @Test func `a path that is a file and a folder, or comes twice, is refused`() async throws {
    for pair in [["a.json", "a.json/b.json"], ["a.json", "a.json"]] {
      let model = LoopbackModel(files: pair.map { .init($0, "{}") })
      try await withSite([model]) { _, site in
        #expect(await site.failure()?.exitCode == .badData)
        #expect(site.files.isEmpty)
      }
    }
  }

  @Test func `a model that no disk holds is refused with numbers before the first byte`()
    async throws
  {
    var model = LoopbackModel.sample()
    model.files[2].claimedByteCount = 1 << 60
    try await withSite([model]) { hub, site in
      let error = try #require(await site.failure())
      #expect(error.exitCode == .cannotCreate)
      #expect(error.what.hasPrefix("the model needs 1.2 EB of disk, "))
      #expect(hub.requests.allSatisfy { $0.path.hasPrefix("/api/") })
      #expect(site.files.isEmpty && !SystemFolder.exists(site.models + "/org"))
    }
  }

  @Test func `sizes that pass all bounds together are refused`() async throws {
    var model = LoopbackModel.sample()
    model.files[0].claimedByteCount = .max
    model.files[2].claimedByteCount = .max
    try await withSite([model]) { _, site in
      #expect(await site.failure()?.exitCode == .badData)
    }
  }

  @Test func `a hub that is not there is named at once`() async throws {
    let hub = try await LoopbackHub([])
    let site = try PullSite(hub)
    defer { site.remove() }
    await hub.stop()
    let error = try #require(await site.failure())
    #expect(error.exitCode == .unavailable)
    #expect(error.what.contains("refused"), "\(error)")
    #expect(error.place == hub.address)
  }

  @Test func `a name that no one has is said`() async throws {
    // A label of 64 characters: the resolver knows that nobody has it without asking anyone.
    let nobody = "http://" + String(repeating: "x", count: 64)
    try await withSite(environment: ["HF_ENDPOINT": nobody]) { _, site in
      let error = try #require(await site.failure())
      #expect(error.exitCode == .unavailable, "\(error)")
      #expect(error.what.contains("no host has the name"), "\(error)")
    }
  }

  @Test func `patience is what the hub asks for`() async throws {
    try await withSite { request, _ in
      request.repetition == 0 && request.path.contains("/revision/")
        ? LoopbackAnswer(503).adding("retry-after", "1") : nil
    } test: { _, site in
      let start = ContinuousClock.now
      _ = try await site.pull()
      #expect(ContinuousClock.now - start >= .seconds(1))
    }
  }

  @Test func `a folder that cannot be written is an error without leftovers`() async throws {
    try await withSite { _, site in
      try SystemFolder.write([], to: site.root + "/data/hadal")
      let error = try #require(await site.failure())
      #expect(error.exitCode == .cannotCreate, "\(error)")
      #expect(error.place?.isEmpty == false)
    }
  }

  @Test func `files that nothing matches are said`() async throws {
    try await withSite { _, site in
      let error = try await #require(throws: HubError.self) {
        try await site.pull("org/name", FileSelection(include: ["*.gguf"]))
      }
      #expect(error.reason == .nothingMatches)
    }
  }
}
