// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import JSON
import TestSupport
import Testing

/// The commands on checkpoints of `pytorch_model.bin`, good and hostile ones.
@Suite struct PickleCommandTests {
  private let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  /// The stories model as a folder of pickles, in so many shards; one file has no index.
  private func writeStories(_ folder: String, shardCount: Int) throws {
    try SystemFolder.copy(stories, to: folder)
    SystemFolder.remove(folder + "/model.safetensors")
    let original = try CheckpointFolder(path: stories)
    guard shardCount > 1 else {
      return try SystemFolder.write(
        TorchArchive(original).bytes,
        to: folder + "/pytorch_model.bin"
      )
    }
    var map: [(String, JSONText)] = []
    for shard in 0..<shardCount {
      let names = original.names.enumerated().filter { $0.offset % shardCount == shard }
      let file = "pytorch_model-0000\(shard + 1)-of-0000\(shardCount).bin"
      let archive = TorchArchive(original, names: names.map(\.element))
      try SystemFolder.write(archive.bytes, to: "\(folder)/\(file)")
      map += names.map { ($0.element, .string(file)) }
    }
    let index = JSONText.object([("weight_map", .object(map))])
    try SystemFolder.write(Array(index.text.utf8), to: folder + "/pytorch_model.bin.index.json")
  }

  // Method: what the safetensors of the same model give is what the pickles must give.
  @Test(arguments: [1, 3])
  func `run, score and inspect take pickled checkpoints`(_ shardCount: Int) throws {
    try withFolder { folder in
      let model = folder + "/model"
      try writeStories(model, shardCount: shardCount)
      let commands = [
        ["run", "-m", "MODEL", "Once upon a time", "--max-tokens", "40"],
        ["run", "-m", "MODEL", "Once upon a time", "--max-tokens", "40", "--weights", "resident"],
        ["score", "-m", "MODEL", "Once upon a time", "--json"],
        ["inspect", "MODEL", "--check"],
      ]
      for command in commands {
        let wanted = try HadalProcess.run(command.map { $0 == "MODEL" ? stories : $0 })
        let given = try HadalProcess.run(command.map { $0 == "MODEL" ? model : $0 })
        #expect(given.exitCode == 0, "\(given.errors)")
        #expect(given.errors.isEmpty)
        #expect(given.output == wanted.output, "\(command[0])")
      }
    }
  }

  // Method: Python would run `touch FILE` when it loads this file. The file must not come into being,
  // and the message must name what was asked for.
  @Test func `a pickle that runs a command is refused by name, and nothing runs`() throws {
    try withFolder { folder in
      let model = folder + "/model"
      try writeStories(model, shardCount: 1)
      let trace = folder + "/was-here"
      let line = Array("touch '\(trace)'".utf8)
      var archive = try TorchArchive(CheckpointFolder(path: stories))
      archive.pickle =
        [0x80, 2] + TorchArchive.global("posix", "system") + [0x58, UInt8(line.count), 0, 0, 0]
        + line + [0x85, 0x52, 0x2E]
      try SystemFolder.write(archive.bytes, to: model + "/pytorch_model.bin")
      let commands = [
        ["run", "-m", model, "--prompt-ids", "1"], ["score", "-m", model, "--ids", "1,2"],
        ["inspect", model, "--check"], ["convert", "--to", "bf16", model, folder + "/out"],
      ]
      for command in commands {
        let run = try HadalProcess.run(command)
        #expect(run.exitCode == 65, "\(command[0])")
        let said =
          "hadal: the pickle asks for 'system' of 'posix', which no tensor needs; nothing was run"
        #expect(run.errors.hasPrefix(said), "\(command[0]): \(run.errors)")
      }
      #expect(!SystemFolder.exists(trace))
      #expect(!SystemFolder.exists(folder + "/out"))
    }
  }

  @Test func `names of strangers do not reach the terminal as they are`() throws {
    try withFolder { folder in
      let model = folder + "/model"
      try writeStories(model, shardCount: 1)
      var archive = try TorchArchive(CheckpointFolder(path: stories))
      archive.pickle =
        [0x80, 2] + TorchArchive.global("os\u{1B}[2J", "\u{9B}system\r") + [0x2E]
      try SystemFolder.write(archive.bytes, to: model + "/pytorch_model.bin")
      let run = try HadalProcess.run(["inspect", model])
      #expect(run.exitCode == 65)
      #expect(run.errors.contains("of 'os\u{FFFD}[2J'"))
      let controls = run.errors.unicodeScalars.filter { $0.properties.generalCategory == .control }
      #expect(controls.allSatisfy { $0 == "\n" })
      #expect(run.errors.split(separator: "\n").count == 2)
    }
  }
}
