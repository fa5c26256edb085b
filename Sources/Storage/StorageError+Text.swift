// SPDX-License-Identifier: Apache-2.0

import JSON

extension StorageError {
  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .noDataFolder: "neither XDG_DATA_HOME nor HOME names a folder for conversations"
    case .cannotCreate(let detail): "the database cannot be created: \(detail)"
    case .cannotOpen(let detail): "the database cannot be opened: \(detail)"
    case .locked: "the database is locked by another process"
    case .notADatabase: "the file is no database"
    case .foreignDatabase: "the database belongs to another program"
    case .newerDatabase(let steps):
      "the database was changed by a newer version of Hadal (\(steps.joined(separator: ", ")))"
    case .damaged(let detail): "the database is damaged: \(detail)"
    case .readOnly: "the database cannot be written: it is read-only"
    case .full: "the database cannot grow: the disk is full"
    case .inputOutput(let detail): "the database cannot be read or written: \(detail)"
    case .unexpected(let detail): "the database failed: \(detail)"
    default: conversationWhat
    }
  }

  private var conversationWhat: String {
    switch reason {
    case .noSuchConversation(let id): "there is no conversation '\(id)'"
    case .ambiguousConversation(let prefix, let ids):
      "'\(prefix)' begins the ids of \(ids.count) conversations"
    case .noSuchMessage(let number): "the conversation has no message \(number), or it was deleted"
    case .noSuchKey(let id): "there is no key '\(id)'"
    case .emptyTitle: "the title is empty"
    case .settingsNotJSON(let error): "the settings cannot be read: \(error.what)"
    case .settingsNoObject: "the settings are no JSON object"
    case .importNotJSON(let error): error.what
    case .importField(let found, let expected):
      "'\(field ?? "")' is \(found), but must be \(expected)"
    case .importNewer(let version):
      "the conversation has format version \(version), this Hadal reads up to "
        + "\(ConversationFormat.version)"
    default: "\(reason)"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .noDataFolder: "set HOME or XDG_DATA_HOME to a folder of yours"
    case .cannotCreate: "a folder that you may write to, by XDG_DATA_HOME"
    case .cannotOpen, .readOnly: "the permissions of the file and of its folder"
    case .locked: "again when the other process is done, or end it"
    case .notADatabase, .foreignDatabase: "move the file away, or set XDG_DATA_HOME"
    case .newerDatabase, .importNewer: "update Hadal"
    case .damaged:
      "copy it with its '-wal' file, then sqlite3 FILE .recover | sqlite3 NEW, or a backup"
    case .full: "free some space; nothing that was stored is lost"
    case .inputOutput: "the disk's health, and its free space"
    case .noSuchKey: "hadal keys list"
    case .noSuchConversation: "list the conversations"
    case .ambiguousConversation(_, let ids): "one of \(ids.joined(separator: ", "))"
    case .emptyTitle: "a title with a letter in it"
    case .importField: "a file that Hadal exported"
    case .unexpected, .noSuchMessage, .settingsNotJSON, .settingsNoObject, .importNotJSON: nil
    }
  }
}
