// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Storage
import Testing

@Suite struct `The folder of a user's data` {
  @Test(
    arguments: [
      (["XDG_DATA_HOME": "/x", "HOME": "/h"], "/x/hadal"),
      (["XDG_DATA_HOME": "/x/"], "/x/hadal"),
      (["XDG_DATA_HOME": "/"], "/hadal"),
      (["XDG_DATA_HOME": "", "HOME": "/h"], "/h/.local/share/hadal"),
      (["XDG_DATA_HOME": "relative", "HOME": "/h"], "/h/.local/share/hadal"),
      (["HOME": "/h/"], "/h/.local/share/hadal"),
    ] as [([String: String], String)]
  )
  func `is where the environment says`(_ environment: [String: String], _ path: String) throws {
    let folder = try DataFolder(environment: environment)
    #expect(folder.path == path)
    #expect(folder.databasePath == path + "/hadal.sqlite")
  }

  @Test(arguments: [[:], ["HOME": ""], ["HOME": "h", "XDG_DATA_HOME": "x"]])
  func `is an error where neither variable names one`(_ environment: [String: String]) {
    #expect(throws: StorageError(.noDataFolder)) { try DataFolder(environment: environment) }
  }
}
