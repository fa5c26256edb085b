// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A place among the requests that a key has at once; it is free again when nobody holds it.
package final class RequestSlot: Sendable {
  private let giveBack: Mutex<(@Sendable () -> Void)?>

  init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = Mutex(giveBack) }

  /// Gives the place back before; once.
  package func release() {
    let giveBack = giveBack.withLock { giveBack in
      defer { giveBack = nil }
      return giveBack
    }
    giveBack?()
  }

  deinit { release() }
}
