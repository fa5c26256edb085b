// SPDX-License-Identifier: Apache-2.0

import Ledger
import TestSupport
import Testing

/// Lines of chains and the files of a folder.
@Suite struct LedgerReaderTests {
  @Test func `lines come with their places, from anywhere on`() throws {
    let folder = try LedgerFolder()
    let lines = try folder.chain(5)
    let whole = try folder.bytes()
    try folder.write(whole + Array("torn".utf8))
    let reader = try LedgerReader(path: folder.path + "/train.jsonl")
    var seen: [LedgerReader.Line] = []
    try reader.forEachLine {
      seen.append($0)
      return true
    }
    #expect(seen.map(\.bytes) == lines && seen.map(\.number) == Array(1...5))
    #expect(seen.last?.end == whole.count)
    for line in seen {
      #expect(try reader.bytes(line.offset..<line.end) == line.bytes + [0x0A])
    }
    var rest: [LedgerReader.Line] = []
    try reader.forEachLine(from: seen[2].end, number: 4) {
      rest.append($0)
      return rest.count < 1
    }
    #expect(rest == [seen[3]])
  }

  @Test func `a line that is longer than the pieces is whole`() throws {
    let folder = try LedgerFolder()
    let long = [UInt8](repeating: 0x61, count: 3 << 19)
    try folder.write([[1, 2], long, [3]].file)
    var lines: [[UInt8]] = []
    try LedgerReader(path: folder.path + "/train.jsonl").forEachLine {
      lines.append($0.bytes)
      return true
    }
    #expect(lines == [[1, 2], long, [3]])
  }

  @Test func `a folder's chains are its files of rows alone`() throws {
    let folder = try LedgerFolder()
    #expect(try LedgerFile.all(in: folder.path + "/absent").isEmpty)
    for name in ["run.jsonl", "train-2.jsonl", "train.jsonl.torn-3", "signing.key", ".x.jsonl"] {
      try folder.write([], name)
    }
    let files = try LedgerFile.all(in: folder.path)
    #expect(files.map(\.writer) == ["run", "train-2"])
    #expect(files[0].path == folder.path + "/run.jsonl")
  }

  @Test func `a named file's chain is that of its first row`() throws {
    let folder = try LedgerFolder()
    let lines = try folder.chain(2)
    try folder.write(lines.file, "backup.jsonl")
    try folder.write([], "empty.jsonl")
    #expect(try LedgerFile(path: folder.path + "/backup.jsonl").writer == "train")
    #expect(try LedgerFile(path: folder.path + "/empty.jsonl").writer == "empty")
    #expect(try LedgerVerification(path: folder.path + "/backup.jsonl").isIntact)
    let misplaced = try LedgerVerification(path: folder.path + "/backup.jsonl", writer: "backup")
    #expect(misplaced.problems.map(\.kind) == [.foreign, .foreign])
  }
}
