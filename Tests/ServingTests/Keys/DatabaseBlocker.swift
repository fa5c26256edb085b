// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// Another program that writes to a database, until it is told to end.
final class DatabaseBlocker {
  private let queue: DatabaseQueue

  init(path: String) throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
  }

  func release() throws { try queue.writeWithoutTransaction { try $0.execute(sql: "COMMIT") } }
}
