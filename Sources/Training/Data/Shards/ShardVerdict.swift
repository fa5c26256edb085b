// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What verifying a shard found; written by the thread that verifies it.
final class ShardVerdict: Sendable {
  private let found = Mutex<DataError?>(nil)

  var error: DataError? { found.withLock { $0 } }

  func record(_ file: ShardFile, digest: String) {
    do { try file.verify(digest: digest) } catch { found.withLock { $0 = error } }
  }
}
