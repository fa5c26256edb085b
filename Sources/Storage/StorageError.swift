// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import JSON

/// What keeps conversations from being stored or found, and where.
public struct StorageError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The environment names no folder for data.
    case noDataFolder
    /// The database's folder or file cannot be created.
    case cannotCreate(String)
    /// The database's file is there and cannot be opened.
    case cannotOpen(String)
    /// Somebody else works on the database, longer than one waits.
    case locked
    /// The file holds something else than a database.
    case notADatabase
    /// The file is a database of another program.
    case foreignDatabase
    /// A newer version of Hadal has changed the database's tables.
    case newerDatabase([String])
    /// The database's file is damaged.
    case damaged(String)
    /// The database may be read and not written.
    case readOnly
    /// The disk, or what one may use of it, is full.
    case full
    /// The system failed to read or write the file.
    case inputOutput(String)
    /// The database said something that nobody expected.
    case unexpected(String)

    /// No conversation has this id, or begins with it.
    case noSuchConversation(String)
    /// Several conversations begin with this.
    case ambiguousConversation(String, ids: [String])
    /// The conversation has no such message, or it is gone.
    case noSuchMessage(Int)
    /// No key of the API has this id.
    case noSuchKey(String)
    /// A title holds nothing that shows.
    case emptyTitle
    /// Settings are no JSON.
    case settingsNotJSON(JSONError)
    /// Settings are no JSON object.
    case settingsNoObject

    /// A file to be imported is no JSON.
    case importNotJSON(JSONError)
    /// A field of a file to be imported has a value that it cannot have.
    case importField(found: String, expected: String)
    /// A file to be imported comes from a newer version of Hadal.
    case importNewer(version: Int)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file, where one is concerned.
  public var file: String?
  /// The field of a file, where one is concerned.
  public var field: String?

  /// Creates an error.
  public init(_ reason: Reason, file: String? = nil, field: String? = nil) {
    self.reason = reason
    self.file = file
    self.field = field
  }

  /// File and field, as far as they are known.
  public var place: String? {
    switch reason {
    case .importNotJSON(let error), .settingsNotJSON(let error): error.place
    default:
      switch (file, field) {
      case (let file?, let field?): "\(file), field \(field)"
      case (nil, let field?): "field \(field)"
      case (let file, nil): file
      }
    }
  }

  /// 65 for what is broken, 66 for what is absent, 75 for what may work later, 73 and 74 for what
  /// the disk refuses, 78 for what asks for another version or environment.
  public var exitCode: ExitCode {
    switch reason {
    case .noDataFolder, .newerDatabase, .importNewer: .configuration
    case .cannotCreate: .cannotCreate
    case .cannotOpen, .readOnly, .full, .inputOutput: .inputOutput
    case .locked: .tryAgain
    case .notADatabase, .foreignDatabase, .damaged, .importNotJSON, .importField: .badData
    case .settingsNotJSON, .settingsNoObject: .badData
    case .unexpected: .internalError
    case .noSuchConversation, .noSuchMessage, .noSuchKey: .noInput
    case .ambiguousConversation, .emptyTitle: .usage
    }
  }
}
