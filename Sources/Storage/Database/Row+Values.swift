// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Values of a row that may come from a damaged file: nil where another type stands, or no column has
/// the name.
///
/// GRDB's own conversions stop the process there.
extension Row {
  func integer(_ column: String) -> Int? { Int.fromDatabaseValue(value(column)) }
  func number(_ column: String) -> Double? { Double.fromDatabaseValue(value(column)) }
  func text(_ column: String) -> String? { String.fromDatabaseValue(value(column)) }

  /// A value that every row of ours has.
  func needed<Value>(_ value: Value?, _ column: String, file: String) throws -> Value {
    guard let value else {
      throw StorageError(.damaged("a row has no '\(column)'"), file: file)
    }
    return value
  }

  private func value(_ column: String) -> DatabaseValue {
    hasColumn(column) ? self[column] : .null
  }
}
