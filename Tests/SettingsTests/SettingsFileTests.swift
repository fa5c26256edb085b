// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import Settings
import TestSupport
import Testing

/// Where the file lies, and what it may be.
@Suite struct SettingsFileTests {
  @Test(
    arguments: [
      ([], ["HOME": "/h"], "/h/.config/hadal/config.yaml", false),
      ([], ["HOME": "/h", "XDG_CONFIG_HOME": "/x"], "/x/hadal/config.yaml", false),
      ([], ["HOME": "/h", "XDG_CONFIG_HOME": "x"], "/h/.config/hadal/config.yaml", false),
      ([], ["HOME": "/h", "XDG_CONFIG_HOME": ""], "/h/.config/hadal/config.yaml", false),
      ([], ["HOME": "/h", "HADAL_CONFIG": "f.yaml"], "f.yaml", true),
      (["run", "--config", "g"], ["HADAL_CONFIG": "f"], "g", true),
      (["--config=g", "run", "--config=h=1"], [:], "h=1", true),
      (["run", "--", "--config", "g"], ["HOME": "/h"], "/h/.config/hadal/config.yaml", false),
      (["--config"], ["HOME": "/h"], "/h/.config/hadal/config.yaml", false),
    ] as [([String], [String: String], String, Bool)]
  )
  func `is found`(
    arguments: [String],
    environment: [String: String],
    path: String,
    isNamed: Bool
  ) {
    let location = SettingsLocation(arguments: arguments, environment: environment)
    #expect(location == SettingsLocation(path: path, isNamed: isNamed))
  }

  @Test func `an empty name asks for none, and without a home there is none`() {
    #expect(SettingsLocation(arguments: ["--config="], environment: ["HOME": "/h"]) == nil)
    #expect(SettingsLocation(arguments: ["--config", ""], environment: ["HOME": "/h"]) == nil)
    #expect(
      SettingsLocation(arguments: [], environment: ["HADAL_CONFIG": "", "HOME": "/h"]) == nil
    )
    #expect(SettingsLocation(arguments: [], environment: [:]) == nil)
    #expect(SettingsLocation(arguments: [], environment: ["HOME": ""]) == nil)
  }

  @Test func `may be absent, unless it was named`() throws {
    func load(isNamed: Bool) throws(SettingsError) -> OptionDefaults? {
      let location = SettingsLocation(path: "/nowhere/c.yaml", isNamed: isNamed)
      return try OptionDefaults.load(location) { () throws(SettingsError) in
        throw SettingsError(.catalog("nobody needs it"), file: "")
      }
    }
    #expect(try load(isNamed: false) == nil)
    let error = #expect(throws: SettingsError.self) { try load(isNamed: true) }
    #expect(error?.reason == .missing)
    #expect(error?.exitCode.rawValue == 66)
  }

  @Test func `is read up to a length`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let path = folder + "/c.yaml"
    #expect(try SettingsFile.bytes(of: path) == nil)
    #expect(try SettingsFile.bytes(of: path + "/below") == nil)
    try SystemFolder.write(Array("a: b".utf8), to: path)
    #expect(try SettingsFile.bytes(of: path + "/below") == nil)
    #expect(try SettingsFile.bytes(of: path) == Array("a: b".utf8))
    try SystemFolder.write([UInt8](repeating: 0x20, count: 1 << 16), to: path)
    #expect(try SettingsFile.bytes(of: path)?.count == 1 << 16)
    try SystemFolder.write([UInt8](repeating: 0x20, count: 1 << 16 + 1), to: path)
    let long = #expect(throws: SettingsError.self) { try SettingsFile.bytes(of: path) }
    #expect(long?.reason == .tooLong(limit: 1 << 16))
  }

  @Test func `a refusal of the system is told by its number`() {
    let closed = SettingsError(.system(code: EACCES), file: "c.yaml")
    #expect(closed.exitCode.rawValue == 77)
    #expect(
      closed.description == "the configuration file cannot be read: Permission denied (c.yaml)"
    )
    #expect(SettingsError(.system(code: EIO), file: "c.yaml").exitCode.rawValue == 74)
  }

  @Test func `is no folder, pipe or device, and nobody waits for one`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    #expect(unsafe mkfifo(folder + "/pipe", 0o600) == 0)
    for path in [folder, folder + "/pipe", "/dev/zero"] {
      let error = #expect(throws: SettingsError.self) { try SettingsFile.bytes(of: path) }
      #expect(error == SettingsError(.notAFile, file: path))
    }
  }
}
