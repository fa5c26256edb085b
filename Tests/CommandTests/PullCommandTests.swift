// SPDX-License-Identifier: Apache-2.0

import Compute
import Foundation
import JSON
import TestSupport
import Testing

/// `pull`, `list`, `remove` and `-m org/name` from outside, against a hub on loopback.
@Suite struct PullCommandTests {
  private let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"

  private func object(_ line: String) throws -> JSONValue {
    try JSONDocument(Array(line.utf8)).root
  }

  /// The small model of the oracles as a hub has it.
  private func storyModel() throws -> LoopbackModel {
    let names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    return LoopbackModel(
      "tales/stories",
      files: try names.filter { SystemFolder.exists("\(stories)/\($0)") }.map { name in
        LoopbackModel.File(
          name,
          Array(try Data(contentsOf: URL(fileURLWithPath: "\(stories)/\(name)"))),
          isLarge: name.hasSuffix(".safetensors")
        )
      }
    )
  }

  @Test func `pull prints the folder, and then its name is a model`() async throws {
    try await HubMachine.with([try storyModel()]) { _, machine in
      let pull = try machine.run(["pull", "tales/stories"])
      #expect(pull.exitCode == 0, "\(pull.errors)")
      #expect(pull.output == machine.models + "/tales/stories\n")
      #expect(pull.errors.isEmpty)
      let arguments = ["Once upon a time", "--max-tokens", "12"]
      let named = try machine.run(["run", "-m", "tales/stories"] + arguments)
      let placed = try machine.run(["run", "-m", stories] + arguments)
      #expect(named.exitCode == 0, "\(named.errors)")
      #expect(named.output == placed.output && named.output.count > 20)
      for command in [["tokenize", "a"], ["inspect"], ["render", "--template", "/dev/null"]] {
        let extra = command[0] == "inspect" ? ["tales/stories@main"] : ["-m", "tales/stories@main"]
        let run = try machine.run(command + extra)
        #expect(run.exitCode == 0, "\(command): \(run.errors)")
      }
      let target = machine.root + "/converted"
      let convert = try machine.run(["convert", "--to", "bf16", "tales/stories", target])
      #expect(convert.exitCode == 0, "\(convert.errors)")
      #expect(SystemFolder.exists(target + "/config.json"))
      #expect(!SystemFolder.exists(target + "/.hadal.json"))
    }
  }

  @Test func `JSON has a line for each file and one for the model`() async throws {
    try await HubMachine.with([.sample()]) { _, machine in
      let pull = try machine.run(["pull", "org/name", "--json"])
      #expect(pull.exitCode == 0 && pull.errors.isEmpty)
      let lines = try pull.lines.map(object)
      #expect(lines.count == 4)
      let files = lines.dropLast()
      #expect(
        Set(files.compactMap { $0["file"]?.string }) == [
          "config.json", "model.safetensors", "tokenizer.json",
        ]
      )
      #expect(files.allSatisfy { $0["state"]?.string == "fetched" })
      let weights = files.first { $0["file"]?.string == "model.safetensors" }
      #expect(weights?["bytes"]?.integer == 100_000)
      #expect(weights?["sha256"]?.string?.count == 64)
      let model = try #require(lines.last)
      #expect(model["path"]?.string == machine.models + "/org/name")
      #expect(model["revision"]?.string == "main" && model["files"]?.integer == 3)
      let again = try machine.run(["pull", "org/name", "--json"]).lines.map(object)
      #expect(again.dropLast().allSatisfy { $0["state"]?.string == "present" })
      #expect(again.count == 4)
      let list = try machine.run(["list", "--json"]).lines.map(object)
        .filter { $0["origin"]?.string != "built in" }
      #expect(list.count == 1 && list[0]["origin"]?.string == "pulled")
      #expect(list[0]["bytes"]?.integer == model["bytes"]?.integer)
      let removed = try machine.run(["remove", "org/name", "--json"])
      #expect(try object(removed.lines[0])["path"]?.string == machine.models + "/org/name")
      #expect(try machine.listedLines().isEmpty)
      #expect(try machine.run(["remove", "org/name"]).exitCode == 66)
    }
  }

  @Test func `list is a table that a person reads`() async throws {
    try await HubMachine.with([.sample()]) { _, machine in
      _ = try machine.run(["pull", "org/name"])
      let lines = try machine.listedLines()
      let path = machine.models + "/org/name"
      // Columns are as wide as what stands in them, the program's own model included.
      let cells = lines.map { $0.split(separator: "  ").map { $0.drop { $0 == " " } } }
      #expect(cells == [["org/name", "main", "01234567", "100.0 kB", "pulled", path[...]]])
      let removed = try machine.run(["remove", "org/name"])
      #expect(removed.output == "removed org/name, 100.0 kB\n")
    }
  }

  @Test func `patterns and revisions are options`() async throws {
    var model = LoopbackModel.sample()
    model.revisions = ["v1"]
    try await HubMachine.with([model]) { _, machine in
      #expect(try machine.run(["pull", "org/name"]).exitCode == 66)
      let pull = try machine.run(
        ["pull", "org/name", "--revision", "v1", "--include", "*.json", "--include", "README*"]
          + ["--exclude", "tok*"]
      )
      #expect(pull.exitCode == 0, "\(pull.errors)")
      let names = try SystemFolder.names(in: machine.models + "/org/name").sorted()
      #expect(names == [".hadal.json", "README.md", "config.json"])
    }
  }

  @Test func `a model that is not here is not fetched unasked`() async throws {
    try await HubMachine.with([.sample()]) { hub, machine in
      let run = try machine.run(["run", "-m", "org/name", "text"])
      #expect(run.exitCode == 66)
      #expect(
        run.errors
          == "hadal: the model is neither a folder nor pulled (org/name)\n"
          + "  try: hadal pull org/name\n"
      )
      let json = try machine.run(["tokenize", "-m", "org/name@v2", "text", "--json"])
      #expect(try object(json.lines[0])["error"]?["code"]?.integer == 66)
      #expect(json.errors.hasSuffix("  try: hadal pull org/name@v2\n"))
      #expect(hub.requests.isEmpty)
    }
  }

  @Test func `wrong calls and hubs that refuse end with the contract's codes`() async throws {
    try await HubMachine.with([.sample()], token: "hf_x") { hub, machine in
      let cases: [(arguments: [String], code: Int32, says: String)] = [
        (["pull", "nonsense"], 64, "no name of a model"),
        (["pull", "../x"], 64, "no name of a model"),
        (["pull", "org/name", "--revision", "../x"], 64, "--revision"),
        (["pull", "org/name@a", "--revision", "b"], 64, "two revisions"),
        (["remove", "nonsense"], 64, "no name of a model"),
        (["pull", "org/name"], 77, "HF_TOKEN"),
      ]
      for (arguments, code, says) in cases {
        let run = try machine.run(arguments + ["--json"])
        #expect(run.exitCode == code, "\(arguments)")
        #expect(run.errors.hasPrefix("hadal: "))
        #expect(run.errors.contains(says), "\(arguments): \(run.errors)")
        #expect(run.errors.split(separator: "\n").count <= 2)
      }
      let named = try machine.run(["pull", "org/name"], ["HF_TOKEN": "hf_x"])
      #expect(named.exitCode == 0)
      let offline = try machine.run(
        ["pull", "a/b"],
        ["HF_TOKEN": "hf_x", "HF_HUB_OFFLINE": "1"]
      )
      #expect(offline.exitCode == 69)
      let setting = try machine.run(["list"], ["HF_ENDPOINT": "nonsense"])
      #expect(setting.exitCode == 78)
    }
  }

  @Test func `a model larger than the machine's memory is said before it comes`() async throws {
    let total = try #require(SystemMemory.totalByteCount)
    var model = LoopbackModel.sample()
    model.files[2].claimedByteCount = total + 1_000_000_000
    try await HubMachine.with([model]) { _, machine in
      let pull = try machine.run(["pull", "org/name"])
      if pull.exitCode == 73 { try Test.cancel("needs a disk with more room than the memory") }
      #expect(pull.exitCode == 65)
      let lines = pull.errors.split(separator: "\n")
      #expect(lines.first?.hasPrefix("hadal: warning: the weights take ") == true)
      #expect(lines.first?.hasSuffix(" of memory (org/name)") == true)
    }
  }

  @Test func `a model larger than the disk is refused before it comes`() async throws {
    var model = LoopbackModel.sample()
    model.files[2].claimedByteCount = 1 << 50
    try await HubMachine.with([model]) { hub, machine in
      let pull = try machine.run(["pull", "org/name"])
      #expect(pull.exitCode == 73)
      #expect(pull.errors.contains("the model needs 1.1 PB of disk"))
      #expect(hub.requests.allSatisfy { $0.path.hasPrefix("/api/") })
    }
  }

  @Test func `doctor names the models that are here`() async throws {
    try await HubMachine.with([.sample()]) { _, machine in
      _ = try machine.run(["pull", "org/name"])
      let doctor = try machine.run(["doctor", "--json"])
      #expect(try object(doctor.lines[0])["models"]?.array?.compactMap(\.string) == ["org/name"])
    }
  }
}
