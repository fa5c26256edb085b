// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import TestSupport
import Testing

@Suite struct FolderWriterTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    let file = try FileWriter(path: path)
    try file.write(bytes)
    try file.commit()
  }

  @Test(arguments: ["out", "out/", "out//"])
  func `a folder is there when it is committed`(_ name: String) throws {
    try withFolder { folder in
      let writer = try FolderWriter(path: "\(folder)/\(name)")
      try writer.makeFolder("a")
      try writer.makeFolder("a/b")
      try write([1, 2], writer.asidePath + "/a/b/x")
      #expect(try FileKind.of(folder + "/out") == nil)
      try writer.commit()
      #expect(try SystemFolder.names(in: folder) == ["out"])
      #expect(try Oracles.bytes(at: folder + "/out/a/b/x") == [1, 2])
    }
  }

  @Test func `a writer that is dropped leaves nothing, in folders neither`() throws {
    try withFolder { folder in
      do {
        let writer = try FolderWriter(path: folder + "/out")
        try writer.makeFolder("a")
        try write([1], writer.asidePath + "/a/x")
        try write([1], writer.asidePath + "/y")
      }
      #expect(try SystemFolder.names(in: folder).isEmpty)
    }
  }

  @Test func `nothing that is there is overwritten`() throws {
    try withFolder { folder in
      try write([1], folder + "/file")
      for path in [folder, folder + "/file", folder + "/file/"] {
        let error = try #require(
          #expect(throws: ComputeError.self) { try FolderWriter(path: path) }
        )
        #expect(error.reason == .alreadyThere && error.exitCode == .cannotCreate)
      }
      // What has come there in the meantime stays too.
      let writer = try FolderWriter(path: folder + "/out")
      try SystemFolder.write([7], to: folder + "/out/theirs")
      let late = try #require(#expect(throws: ComputeError.self) { try writer.commit() })
      #expect(late.exitCode == .cannotCreate)
      #expect(try Oracles.bytes(at: folder + "/out/theirs") == [7])
    }
  }

  @Test func `a disk without room is found before anything is written`() throws {
    try withFolder { folder in
      #expect(throws: Never.self) { try FolderWriter.checkRoom(for: 1, at: folder + "/out/") }
      let error = try #require(
        #expect(throws: ComputeError.self) {
          try FolderWriter.checkRoom(for: 1 << 60, at: folder + "/out")
        }
      )
      #expect(error.exitCode == .cannotCreate)
      #expect(error.what.contains("\(1 << 60) bytes"))
      #expect(error.remedy != nil)
    }
  }
}
