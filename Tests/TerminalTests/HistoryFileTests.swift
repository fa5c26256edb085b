// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import Glibc
import Terminal
import Testing

/// The history, in memory and in its file.
@Suite struct HistoryFileTests {
  private static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hadal-history-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static func mode(_ path: String) -> UInt32 {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func `blank texts and repetitions are not kept, and the oldest go`() {
    var history = History(countLimit: 3)
    let added = ["a", "a", " \n", "b", "a", "c"].map { history.add($0) }
    #expect(added == [true, false, false, true, true, true])
    #expect(history.entries == ["b", "a", "c"])
  }

  @Test func `what is added is there again, readable by its owner alone`() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("history").path
      let file = HistoryFile(path: path, countLimit: 4)
      #expect(try file.load().entries == [])
      let entries = ["one", "two\nlines\\n", "c:\\new", "नमस्ते 👩‍💻", "last"]
      for entry in entries { try file.append(entry) }
      #expect(try file.load().entries == Array(entries.dropFirst()))
      #expect(Self.mode(path) == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["history"])
    }
  }

  @Test func `a file that others may read becomes private, and a link stays a link`() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("history").path
      let link = folder.appendingPathComponent("link").path
      try "old\n".write(toFile: path, atomically: false, encoding: .utf8)
      _ = unsafe chmod(path, 0o644)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      try HistoryFile(path: link).append("new")
      #expect(Self.mode(path) == 0o600)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old\nnew\n")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    }
  }

  @Test func `several programs add to one file`() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hadal-history-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = HistoryFile(path: folder.appendingPathComponent("history").path)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<2 {
        group.addTask {
          for entry in 0..<10 { try? file.append("\(writer) \(entry)") }
        }
      }
    }
    let entries = try file.load().entries
    for writer in 0..<2 {
      let own = entries.filter { $0.hasPrefix("\(writer) ") }
      #expect(own == (0..<10).map { "\(writer) \($0)" })
    }
  }

  @Test func `a damaged or huge file is read as far as it makes sense`() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("history")
      try Data([0x61, 0xFF, 0x0A, 0x0A, 0x5C, 0x0A, 0x62]).write(to: path)
      #expect(try HistoryFile(path: path.path).load().entries == ["a\u{FFFD}", "b"])
      let line = Data((String(repeating: "x", count: 9999) + "\n").utf8)
      var huge = Data()
      for _ in 0..<600 { huge += line }
      huge += Data("last\n".utf8)
      try huge.write(to: path)
      let history = try HistoryFile(path: path.path).load()
      #expect(history.entries.last == "last")
      #expect(history.entries.first?.count == 9999)
    }
  }

  @Test func `what cannot be written says so, and the file keeps what it had`() throws {
    try Self.inFolder { folder in
      let missing = HistoryFile(path: folder.appendingPathComponent("no/history").path)
      #expect(throws: TerminalError(.historyUnwritable(errno: ENOENT), place: missing.path)) {
        try missing.append("a")
      }
      #expect(try missing.load().entries == [])
      for path in [folder.path, "/dev/null"] {
        let error = #expect(throws: TerminalError.self) { try HistoryFile(path: path).append("a") }
        #expect(error?.exitCode == .cannotCreate)
        #expect(error?.place == path)
      }
      let path = folder.appendingPathComponent("history").path
      let file = HistoryFile(path: path)
      try file.append("kept")
      try FileManager.default.createDirectory(
        atPath: "\(path).\(getpid()).partial",
        withIntermediateDirectories: true
      )
      #expect(throws: TerminalError.self) { try file.append("lost") }
      #expect(try file.load().entries == ["kept"])
    }
  }

  @Test func `a file that stays locked is named`() throws {
    try Self.inFolder { folder in
      let file = HistoryFile(path: folder.appendingPathComponent("history").path)
      try file.append("a")
      let descriptor = unsafe open(file.path, O_RDWR)
      defer { close(descriptor) }
      #expect(flock(descriptor, LOCK_EX) == 0)
      #expect(throws: TerminalError(.historyLocked, place: file.path)) { try file.append("b") }
    }
  }

  @Test func `a text as long as a book is not kept`() throws {
    try Self.inFolder { folder in
      let file = HistoryFile(path: folder.appendingPathComponent("history").path)
      try file.append(String(repeating: "x", count: 100_000))
      #expect(try file.load().entries == [])
    }
  }
}
