// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import TestSupport
import Testing

@Suite struct GrowingFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  private func append(_ bytes: [UInt8], to path: String) throws {
    let file = try GrowingFile(path: path)
    try write(bytes, to: file, at: file.byteCount)
  }

  private func write(_ bytes: [UInt8], to file: GrowingFile, at offset: Int) throws {
    // SAFETY: bytes have no other meaning than their own.
    try file.write(unsafe bytes.span.bytes, at: offset)
  }

  @Test func `a file that is opened again is gone on with`() throws {
    try withFolder { folder in
      let path = folder + "/part"
      try append([1, 2, 3], to: path)
      try append([4, 5], to: path)
      #expect(try Oracles.bytes(at: path) == [1, 2, 3, 4, 5])
      let file = try GrowingFile(path: path)
      var buffer = [UInt8](repeating: 0, count: 3)
      #expect(try file.read(into: &buffer, at: 3) == 2)
      #expect(buffer == [4, 5, 0])
      #expect(try file.read(into: &buffer, at: 5) == 0)
      try file.truncate(to: 1)
      #expect(file.byteCount == 1)
    }
  }

  @Test func `a file that is read alone is not created, and takes no bytes`() throws {
    try withFolder { folder in
      let path = folder + "/part"
      let absent = try #require(throws: ComputeError.self) { try GrowingFile(reading: path) }
      #expect(absent.exitCode == .noInput)
      try append([1], to: path)
      let file = try GrowingFile(reading: path)
      let refused = try #require(throws: ComputeError.self) {
        try write([2], to: file, at: 1)
      }
      #expect(refused.exitCode == .inputOutput)
      #expect(try Oracles.bytes(at: path) == [1])
    }
  }

  @Test func `a file is one writer's while it is open`() throws {
    try withFolder { folder in
      let path = folder + "/part"
      do {
        let first = try GrowingFile(path: path)
        #expect(try first.lock())
        #expect(try first.lock())
        #expect(try !GrowingFile(path: path).lock())
        try first.write([1, 2], at: 0)
        try first.flush(isNew: true)
        try first.flush()
        #expect(try Oracles.bytes(at: path) == [1, 2])
        withExtendedLifetime(first) {}
      }
      #expect(try GrowingFile(path: path).lock())
    }
  }

  @Test func `links, folders and devices are not written to`() throws {
    try withFolder { folder in
      try append([1], to: folder + "/other")
      try SystemFolder.link(folder + "/other", at: folder + "/link")
      for path in [folder + "/link", folder, "/dev/null"] {
        #expect(throws: ComputeError.self, "\(path)") { try GrowingFile(path: path) }
      }
      #expect(throws: ComputeError.self) { try GrowingFile(reading: "/dev/null") }
    }
  }

  @Test func `a file is put in place without waiting for the disk where that is asked for`() throws
  {
    try withFolder { folder in
      let writer = try FileWriter(path: folder + "/file")
      try writer.write([1, 2])
      try writer.commit(flushes: false)
      #expect(try SystemFolder.names(in: folder) == ["file"])
      #expect(try Oracles.bytes(at: folder + "/file") == [1, 2])
    }
  }
}
