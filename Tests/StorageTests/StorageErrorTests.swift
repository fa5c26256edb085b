// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import Storage
import Testing

@Suite struct `An error of the storage` {
  private static let json = JSONError(reason: .endsEarly, offset: 3, line: 1, file: "a.json")

  @Test(
    arguments: [
      (
        .noDataFolder, "neither XDG_DATA_HOME nor HOME names a folder for conversations",
        .configuration
      ),
      (
        .cannotCreate("No space left on device"),
        "the database cannot be created: No space left on device", .cannotCreate
      ),
      (.cannotOpen("a"), "the database cannot be opened: a", .inputOutput),
      (.locked, "the database is locked by another process", .tryAgain),
      (.notADatabase, "the file is no database", .badData),
      (.foreignDatabase, "the database belongs to another program", .badData),
      (
        .newerDatabase(["3 a", "4 b"]),
        "the database was changed by a newer version of Hadal (3 a, 4 b)", .configuration
      ),
      (.damaged("a"), "the database is damaged: a", .badData),
      (.readOnly, "the database cannot be written: it is read-only", .inputOutput),
      (.full, "the database cannot grow: the disk is full", .inputOutput),
      (.inputOutput("a"), "the database cannot be read or written: a", .inputOutput),
      (.unexpected("a"), "the database failed: a", .internalError),
      (.noSuchConversation("ab"), "there is no conversation 'ab'", .noInput),
      (
        .ambiguousConversation("a", ids: ["ab", "ac"]),
        "'a' begins the ids of 2 conversations", .usage
      ),
      (.noSuchMessage(7), "the conversation has no message 7, or it was deleted", .noInput),
      (.emptyTitle, "the title is empty", .usage),
      (.settingsNotJSON(json), "the settings cannot be read: JSON ends inside a value", .badData),
      (.settingsNoObject, "the settings are no JSON object", .badData),
      (.importNotJSON(json), "JSON ends inside a value", .badData),
      (.importField(found: "1", expected: "a text"), "'title' is 1, but must be a text", .badData),
      (
        .importNewer(version: 2),
        "the conversation has format version 2, this Hadal reads up to 1", .configuration
      ),
    ] as [(StorageError.Reason, String, Diagnostics.ExitCode)]
  )
  func `says what is wrong and ends a command`(
    _ reason: StorageError.Reason,
    _ what: String,
    _ code: Diagnostics.ExitCode
  ) {
    let error = StorageError(reason, file: "a.sqlite", field: "title")
    #expect(error.what == what)
    #expect(error.exitCode == code)
    #expect(error.description == "\(what) (\(error.place ?? ""))")
  }

  @Test func `names file and field as far as they are known`() {
    #expect(StorageError(.full).place == nil)
    #expect(StorageError(.full, file: "a").place == "a")
    #expect(StorageError(.full, field: "b").place == "field b")
    #expect(StorageError(.full, file: "a", field: "b").place == "a, field b")
    #expect(StorageError(.importNotJSON(Self.json)).place == "a.json, line 1, byte 3")
  }

  @Test func `says which ids a prefix may mean`() {
    let error = StorageError(.ambiguousConversation("a", ids: ["ab", "ac"]))
    #expect(error.remedy == "one of ab, ac")
  }
}
