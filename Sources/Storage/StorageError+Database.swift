// SPDX-License-Identifier: Apache-2.0

import GRDB

extension StorageError {
  /// Tells what a failure of the database means.
  ///
  /// - Parameters:
  ///   - error: Ours, which passes, or the database's.
  ///   - file: The database's file.
  init(_ error: any Error, file: String) {
    switch error {
    case let error as StorageError: self = error
    case let error as DatabaseError: self.init(Self.reason(of: error), file: file)
    case is RowDecodingError: self.init(.damaged("a value has another type"), file: file)
    default: self.init(.unexpected("\(error)"), file: file)
    }
  }

  private static func reason(of error: DatabaseError) -> Reason {
    let detail = error.message ?? "code \(error.extendedResultCode.rawValue)"
    return switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: .locked
    case .SQLITE_NOTADB: .notADatabase
    // The statements are constants that tests run, so a table that they do not fit is not ours.
    case .SQLITE_CORRUPT, .SQLITE_FORMAT, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH,
      .SQLITE_TOOBIG:
      .damaged(detail)
    case .SQLITE_READONLY: .readOnly
    case .SQLITE_FULL: .full
    case .SQLITE_IOERR, .SQLITE_NOLFS: .inputOutput(detail)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .cannotOpen(detail)
    default: .unexpected(detail)
    }
  }
}
