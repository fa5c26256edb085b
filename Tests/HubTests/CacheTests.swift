// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import Hub
import TestSupport
import Testing

/// Models in the cache of Hugging Face's programs, and a machine without a network.
@Suite struct CacheTests {
  private let commit = LoopbackModel.sample().commit

  /// Writes a snapshot as huggingface_hub does: links into `blobs`.
  private func fill(
    _ site: PullSite,
    _ files: [String: [UInt8]],
    commit: String? = nil,
    revision: String? = "main",
    cache: String? = nil
  ) throws {
    let commit = commit ?? self.commit
    let model = (cache ?? site.cache) + "/models--org--name"
    for (index, file) in files.sorted(by: { $0.key < $1.key }).enumerated() {
      let blob = "\(commit)-\(index)"
      try SystemFolder.write(file.value, to: "\(model)/blobs/\(blob)")
      let snapshot = "\(model)/snapshots/\(commit)"
      try FileManager.default.createDirectory(
        atPath: snapshot,
        withIntermediateDirectories: true
      )
      try FileManager.default.createSymbolicLink(
        atPath: "\(snapshot)/\(file.key)",
        withDestinationPath: "../../blobs/\(blob)"
      )
    }
    if let revision {
      try SystemFolder.write(Array(commit.utf8), to: "\(model)/refs/\(revision)")
    }
  }

  private func whole() -> [String: [UInt8]] {
    let model = LoopbackModel.sample()
    var files: [String: [UInt8]] = [:]
    for file in model.files { files[file.path] = model.bytes(file.path) }
    return files
  }

  private func find(
    _ site: PullSite,
    _ text: String = "org/name",
    _ need: LocalModels.Need = .weights
  ) throws -> LocalModel? {
    try LocalModels(site.settings()).find(#require(ModelName(text)), needing: need)
  }

  @Test func `a model in the cache is used where it is`() async throws {
    try await withSite { _, site in
      try fill(site, whole())
      let model = try #require(try find(site))
      #expect(model.origin == .cache)
      #expect(model.folder == site.cache + "/models--org--name/snapshots/" + commit)
      #expect(model.revision == "main" && model.commit == commit)
      #expect(model.fileCount == 4)
      #expect(LocalModels(try site.settings()).all() == [model])
    }
  }

  @Test(arguments: ["HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME", "HOME"])
  func `the cache is found wherever the environment puts it`(_ variable: String) async throws {
    let root = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(root) }
    var environment = ["HF_HOME": "", "HOME": "/nowhere"]
    environment[variable] = root
    let below = [
      "HF_HUB_CACHE": "", "HF_HOME": "/hub", "XDG_CACHE_HOME": "/huggingface/hub",
      "HOME": "/.cache/huggingface/hub",
    ]
    try await withSite(environment: environment) { _, site in
      try fill(site, whole(), cache: root + (below[variable] ?? ""))
      #expect(try find(site)?.origin == .cache)
    }
  }

  @Test func `a revision is looked up by branch, tag and commit`() async throws {
    let other = String(repeating: "cd", count: 20)
    try await withSite { _, site in
      try fill(site, whole())
      try fill(site, whole(), commit: other, revision: "refs/pr/1")
      #expect(try find(site)?.commit == commit)
      #expect(try find(site, "org/name@main")?.commit == commit)
      #expect(try find(site, "org/name@refs/pr/1")?.commit == other)
      #expect(try find(site, "org/name@\(other)")?.commit == other)
      #expect(try find(site, "org/name@cdcdcdc")?.commit == other)
      #expect(try find(site, "org/name@v9") == nil)
      #expect(LocalModels(try site.settings()).all().count == 2)
    }
  }

  @Test func `a snapshot that lacks what is needed gives way to one that has it`() async throws {
    let other = String(repeating: "cd", count: 20)
    try await withSite { _, site in
      try fill(site, whole().filter { $0.key != "model.safetensors" })
      try fill(site, whole(), commit: other, revision: nil)
      #expect(try find(site)?.commit == other)
      #expect(try find(site, "org/name", .tokenizer)?.commit == commit)
    }
  }

  @Test func `shards that are not all there are not a whole model`() async throws {
    let index = #"{"weight_map":{"a":"m1.safetensors","b":"m2.safetensors"}}"#
    var files = whole().filter { $0.key != "model.safetensors" }
    files["model.safetensors.index.json"] = Array(index.utf8)
    files["m1.safetensors"] = [1]
    let other = String(repeating: "cd", count: 20)
    try await withSite { _, site in
      try fill(site, files)
      try fill(site, files.merging(["m2.safetensors": [2]]) { $1 }, commit: other, revision: nil)
      #expect(try find(site)?.commit == other)
      // A link to nothing is no shard.
      try FileManager.default.removeItem(atPath: site.cache + "/models--org--name/blobs/\(other)-2")
      #expect(try find(site) == nil)
      #expect(try find(site, "org/name", .configuration)?.commit == commit)
    }
  }

  @Test func `a pull of what the cache has fetches nothing and copies nothing`() async throws {
    try await withSite { hub, site in
      try fill(site, whole())
      #expect(try await site.pull().origin == .cache)
      #expect(hub.requests.allSatisfy { $0.path.hasPrefix("/api/") })
      #expect(site.files.isEmpty)
    }
  }

  @Test func `a pull of what the cache has in part fetches all`() async throws {
    try await withSite { _, site in
      try fill(site, whole().filter { $0.key != "model.safetensors" })
      #expect(try await site.pull().origin == .pulled)
      #expect(try find(site)?.origin == .pulled)
    }
  }

  @Test func `the cache is never removed from`() async throws {
    try await withSite { _, site in
      try fill(site, whole())
      let name = try #require(ModelName("org/name"))
      let error = try #require(throws: HubError.self) {
        try LocalModels(site.settings()).remove(name)
      }
      #expect(error.exitCode == .notPermitted)
      #expect(try find(site) != nil)
    }
  }

  @Test func `offline nothing is asked, and what is here is enough`() async throws {
    try await withSite(environment: ["HF_HUB_OFFLINE": "1"]) { hub, site in
      let error = try #require(await site.failure())
      #expect(error.reason == .offline && error.exitCode == .unavailable)
      try fill(site, whole())
      #expect(try await site.pull().origin == .cache)
      #expect(hub.requests.isEmpty)
    }
  }

  @Test func `another revision than the pulled one is not taken for it`() async throws {
    try await withSite { _, site in
      _ = try await site.pull()
      let error = try #require(throws: HubError.self) { try find(site, "org/name@v2") }
      #expect(error.reason == .otherRevision("main") && error.exitCode == .noInput)
      #expect(error.remedy == "hadal pull org/name@v2")
      #expect(try find(site, "org/name@main") != nil)
      #expect(try find(site, "org/name@" + commit.prefix(8)) != nil)
    }
  }

  @Test func `a record that cannot be read makes no model, and no crash`() async throws {
    try await withSite { _, site in
      let pulled = try await site.pull()
      for text in ["", "{", "[]", #"{"version":2}"#, #"{"version":1,"model":"org/name"}"#] {
        try SystemFolder.write(Array(text.utf8), to: pulled.folder + "/.hadal.json")
        #expect(try find(site)?.origin == .placed)
      }
    }
  }
}
