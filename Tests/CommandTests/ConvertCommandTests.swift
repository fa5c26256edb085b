// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSON
import TestSupport
import Testing

/// `hadal convert` from outside: what it says, what it leaves, how it ends.
@Suite struct ConvertCommandTests {
  private let checkpoints = (Oracles.folder ?? "") + "/checkpoints/"

  private func object(_ line: String) throws -> JSONValue {
    try JSONDocument(Array(line.utf8)).root
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  @Test func `convert says what it takes, and its result runs`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let source = checkpoints + "real-stories260K"
    let command = ["convert", "--to", "fp8", source, folder + "/out"]
    let run = try HadalProcess.run(command)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    #expect(run.lines.first?.hasPrefix("peak memory ") == true)
    #expect(run.lines.last?.hasPrefix("model.safetensors  ") == true)
    let check = try HadalProcess.run(["inspect", folder + "/out", "--check"])
    #expect(check.exitCode == 0, "\(check.errors)")
    let text = try HadalProcess.run(
      ["run", "-m", folder + "/out", "Once upon a time", "--max-tokens", "8", "--temperature", "0"]
    )
    #expect(text.exitCode == 0, "\(text.errors)")
    #expect(text.output.count > 10)
    let again = try HadalProcess.run(command)
    #expect(again.exitCode == 73)
    #expect(again.errors.contains("  try: another path"))
    let lines = try HadalProcess.run(
      ["convert", "--to", "bf16", folder + "/out", folder + "/back", "--json"]
    ).lines
    #expect(try object(lines[0])["peak_memory_bytes"]?.integer ?? 0 > 0)
    #expect(try object(lines[1])["file"]?.string == "model.safetensors")
    #expect(try HadalProcess.run(["convert", "--to", "int4", source, "x"]).exitCode == 64)
    #expect(try HadalProcess.run(["convert", "--to", "fp8", "/nowhere", "x"]).exitCode == 66)
  }

  // Method: the highest resident set that the system saw, read while the program runs, against what
  // the program said before it began. 40 MB are the program, its libraries and the allocator's slack.
  @Test(arguments: [1, 300])
  func `memory stays within what was said, far below the weights`(_ layerCount: Int) throws {
    let checkpoint = try HollowCheckpoint(leastByteCount: 600_000_000, layerCount: layerCount)
    defer { SystemFolder.remove(checkpoint.folder) }
    try withFolder { folder in
      try expectBoundedMemory("fp8", checkpoint.folder, folder + "/out")
      try expectBoundedMemory("bf16", folder + "/out", folder + "/back")
      #expect(try SystemFolder.names(in: folder).sorted() == ["back", "out"])
    }
  }

  private func expectBoundedMemory(_ type: String, _ source: String, _ target: String) throws {
    try withFolder { folder in
      let run = try HadalProcess.shell(
        """
        "$HADAL" convert --to \(type) '\(source)' '\(target)' --json > '\(folder)/said' &
        while line=$(grep VmHWM /proc/$!/status 2>/dev/null); do echo "$line"; done
        wait $!
        """
      )
      #expect(run.exitCode == 0, "\(run.errors)")
      let seen = run.lines.compactMap {
        $0.split(separator: " ").dropLast().last.flatMap { Int($0) }
      }
      let said = String(decoding: try Oracles.bytes(at: folder + "/said"), as: UTF8.self)
      let first = try object(String(said.prefix { $0 != "\n" }))
      let peak = try #require(first["peak_memory_bytes"]?.integer)
      let highest = try #require(seen.max()) * 1024
      #expect(peak < 80_000_000)
      #expect(highest <= peak + 40_000_000, "\(highest) bytes, said \(peak)")
    }
  }

  // Method: a limit on the size of files ends a write as a full disk does.
  @Test func `what cannot be written ends with its exit code and leaves nothing`() throws {
    try withFolder { folder in
      let source = checkpoints + "real-stories260K"
      let full = try HadalProcess.shell(
        "ulimit -f 100; \"$HADAL\" convert --to fp8 '\(source)' '\(folder)/out' 2> '\(folder)/errors'"
      )
      #expect(full.exitCode == 74)
      let errors = String(decoding: try Oracles.bytes(at: folder + "/errors"), as: UTF8.self)
      #expect(errors.hasPrefix("hadal: cannot write the file: "), "\(errors)")
      #expect(try SystemFolder.names(in: folder) == ["errors"])
      for place in ["/dev/null/out", folder + "/no/out", "/proc/out"] {
        let refused = try HadalProcess.run(["convert", "--to", "fp8", source, place])
        #expect(refused.exitCode == 73, "\(place): \(refused.errors)")
      }
    }
  }

  @Test(arguments: [("INT", 130), ("TERM", 143)])
  func `an interrupted conversion leaves nothing`(_ signal: String, _ code: Int32) throws {
    let checkpoint = try HollowCheckpoint(leastByteCount: 1_000_000_000)
    defer { SystemFolder.remove(checkpoint.folder) }
    try withFolder { folder in
      // A shell's background jobs ignore SIGINT unless jobs are controlled.
      let run = try HadalProcess.shell(
        """
        set -m
        "$HADAL" convert --to fp8 '\(checkpoint.folder)' '\(folder)/out' 2> '\(folder)/errors' &
        until ls '\(folder)' | grep -q partial; do kill -0 $! || exit 1; done
        kill -\(signal) $!
        wait $!
        """
      )
      #expect(run.exitCode == code, "\(run.errors)")
      #expect(try Oracles.bytes(at: folder + "/errors").isEmpty)
      #expect(try SystemFolder.names(in: folder) == ["errors"])
    }
  }
}
