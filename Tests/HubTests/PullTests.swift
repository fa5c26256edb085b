// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Hub
import TestSupport
import Testing

/// Pulls from a hub that does what it should.
@Suite struct PullTests {
  private let needed = ["config.json", "model.safetensors", "tokenizer.json"]

  @Test func `a pull brings what a model needs, and nothing else`() async throws {
    let model = LoopbackModel.sample()
    try await withSite([model]) { hub, site in
      let pulled = try await site.pull()
      #expect(pulled.folder == site.models + "/org/name")
      #expect(pulled.commit == model.commit)
      #expect(pulled.revision == "main")
      #expect(site.files == (needed + [".hadal.json"]).map { "org/name/\($0)" }.sorted())
      for path in needed { #expect(try site.bytes(path) == model.bytes(path)) }
      #expect(pulled.byteCount == needed.reduce(0) { $0 + model.bytes($1).count })
    }
  }

  @Test func `a file of several pieces, an empty file, and one in a folder come whole`()
    async throws
  {
    let model = LoopbackModel(files: [
      .init("a/b ü#?%.json", "x"), .init("config.json", "{}"), .init("empty.json", ""),
      .init("empty.safetensors", [], isLarge: true),
      .init("model.safetensors", LoopbackModel.randomBytes(5_000_001, seed: 3), isLarge: true),
    ])
    try await withSite([model]) { _, site in
      let progress = PullProgress()
      _ = try await site.pull("org/name", FileSelection(include: ["*"]), progress: progress)
      for file in model.files { #expect(try site.bytes(file.path) == model.bytes(file.path)) }
      #expect(progress.byteCount == progress.totalByteCount)
      #expect(progress.totalByteCount == 5_000_004)
    }
  }

  @Test func `the token goes to the hub alone, not to where it redirects`() async throws {
    try await withSite(token: "hf_secret", environment: ["HF_TOKEN": "hf_secret"]) { hub, site in
      _ = try await site.pull()
      let storage = hub.requests.filter { $0.port == .storage }
      #expect(storage.count == 1)
      #expect(storage.allSatisfy { $0.headers["authorization"] == nil })
      let own = hub.requests.filter { $0.port == .hub }
      #expect(own.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
    }
  }

  @Test func `the token of a login is found`() async throws {
    try await withSite(token: "hf_login") { _, site in
      #expect(await site.failure()?.exitCode == .notPermitted)
      try SystemFolder.write(Array("hf_login\n".utf8), to: site.root + "/hf/token")
      _ = try await site.pull()
    }
  }

  @Test func `a second pull asks for no file`() async throws {
    try await withSite { hub, site in
      let first = try await site.pull()
      let before = hub.requests.count
      #expect(try await site.pull() == first)
      #expect(hub.requests.dropFirst(before).allSatisfy { $0.path.hasPrefix("/api/") })
    }
  }

  @Test func `a list of many pages is read to its end`() async throws {
    let files = (0..<25).map { LoopbackModel.File("x\($0).json", "{\"n\":\($0)}") }
    try await withSite([LoopbackModel(files: files)], pageLength: 4) { hub, site in
      let pulled = try await site.pull()
      #expect(pulled.fileCount == 25)
      #expect(hub.requests.count { $0.path.contains("/tree/") } == 7)
    }
  }

  @Test func `a renamed model is found where the hub sends us`() async throws {
    try await withSite(
      token: "hf_x",
      environment: ["HF_TOKEN": "hf_x"]
    ) { request, _ in
      guard let old = request.target.firstRange(of: "old/name") else { return nil }
      let location =
        request.target[..<old.lowerBound] + "org/name" + request.target[old.upperBound...]
      return LoopbackAnswer(307).adding("location", String(location))
    } test: { hub, site in
      let pulled = try await site.pull("old/name")
      #expect(pulled.folder == site.models + "/old/name")
      #expect(hub.requests.contains { $0.path.hasPrefix("/api/models/org/name/tree") })
    }
  }

  @Test func `a revision is asked for by its name, and its files by the commit`() async throws {
    let model = LoopbackModel(
      revisions: ["main", "refs/pr/1"],
      files: [.init("config.json", "{}")]
    )
    try await withSite([model]) { hub, site in
      let pulled = try await site.pull("org/name@refs/pr/1")
      #expect(pulled.revision == "refs/pr/1")
      #expect(hub.requests[0].path == "/api/models/org/name/revision/refs%2Fpr%2F1")
      #expect(hub.requests.dropFirst().allSatisfy { $0.path.contains(model.commit) })
    }
  }

  @Test func `another commit replaces the model, and equal files are not fetched again`()
    async throws
  {
    let old = LoopbackModel.sample()
    var new = old
    new.commit = String(repeating: "ab", count: 20)
    new.files[1] = .init("config.json", #"{"new":true}"#)
    new.files[3] = .init("tokenizer_config.json", "{}")
    let models = [old, new]
    for (index, model) in models.enumerated() { #expect(model.files.count == 4, "\(index)") }
    let root = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(root) }
    let environment = ["XDG_DATA_HOME": root]
    _ = try await withSite([old], environment: environment) { _, site in try await site.pull() }
    try await withSite([new], environment: environment) { hub, site in
      let pulled = try await site.pull()
      #expect(pulled.commit == new.commit)
      #expect(hub.requests.allSatisfy { $0.port == .hub })
      let names = try SystemFolder.names(in: root + "/hadal/models/org/name").sorted()
      #expect(
        names == [
          ".hadal.json", "config.json", "model.safetensors", "tokenizer_config.json",
        ]
      )
    }
  }

  @Test func `other patterns add to the files of the same commit`() async throws {
    try await withSite { hub, site in
      _ = try await site.pull("org/name", FileSelection(include: ["*.json"]))
      #expect(hub.requests.allSatisfy { $0.port == .hub })
      let pulled = try await site.pull("org/name", FileSelection(include: ["*.safetensors"]))
      #expect(pulled.fileCount == 3)
      #expect(hub.requests.count { $0.path.hasSuffix("/config.json") } == 1)
    }
  }

  @Test func `a forced pull finds a file that changed on disk, and fetches it alone`()
    async throws
  {
    let model = LoopbackModel.sample()
    try await withSite([model]) { hub, site in
      let pulled = try await site.pull()
      var bytes = model.bytes("model.safetensors")
      bytes[50_000] ^= 1
      try SystemFolder.write(bytes, to: pulled.folder + "/model.safetensors")
      _ = try await site.pull()
      #expect(try site.bytes("model.safetensors") == bytes)
      let before = hub.requests.count
      _ = try await site.pull(isForced: true)
      #expect(try site.bytes("model.safetensors") == model.bytes("model.safetensors"))
      let fetched = hub.requests.dropFirst(before).filter { !$0.path.hasPrefix("/api/") }
      #expect(fetched.map(\.port) == [.hub, .storage])
    }
  }

  // Method: the storage sends nothing. A pull that asks for one file after the other waits for the
  // first, one without a bound asks for all eight.
  @Test func `four files are fetched at once, and not more`() async throws {
    let files = (0..<8).map { index in
      LoopbackModel.File(
        "m\(index).safetensors",
        LoopbackModel.randomBytes(5000, seed: UInt64(index)),
        isLarge: true
      )
    }
    try await withSite([LoopbackModel(files: files)]) { request, hub in
      guard request.port == .storage else { return nil }
      var answer = hub.ownAnswer(to: request)
      answer.stall = 0
      return answer
    } test: { hub, site in
      let pull = Task { try await site.pull() }
      while hub.requests.count(where: { $0.port == .storage }) < 4 {
        try await Task.sleep(for: .milliseconds(5))
      }
      try await Task.sleep(for: .milliseconds(200))
      #expect(hub.requests.count { $0.port == .storage } == 4)
      pull.cancel()
      await #expect(throws: CancellationError.self) { try await pull.value }
    }
  }

  @Test func `list and remove know what was pulled`() async throws {
    try await withSite([.sample(), .sample("b/c", seed: 2)]) { _, site in
      let models = LocalModels(try site.settings())
      let first = try await site.pull()
      let second = try await site.pull("b/c")
      #expect(models.all() == [second, first])
      let name = try #require(ModelName("org/name"))
      #expect(try models.remove(name) == first)
      #expect(models.all() == [second])
      #expect(site.files.allSatisfy { $0.hasPrefix("b/c/") })
      #expect(try SystemFolder.names(in: site.models) == ["b"])
      let error = try #require(throws: HubError.self) { try models.remove(name) }
      #expect(error.reason == .nothingToRemove)
    }
  }

  @Test func `a folder that a person put there is used and left alone`() async throws {
    try await withSite { _, site in
      try SystemFolder.write(Array("{}".utf8), to: site.models + "/org/name/config.json")
      let models = LocalModels(try site.settings())
      #expect(models.all().map(\.origin) == [.placed])
      #expect(await site.failure()?.reason == .notPulled)
      let name = try #require(ModelName("org/name"))
      #expect(try models.find(name, needing: .configuration)?.origin == .placed)
      let error = try #require(throws: HubError.self) { try models.remove(name) }
      #expect(error.exitCode == .notPermitted)
      #expect(site.files == ["org/name/config.json"])
    }
  }
}
