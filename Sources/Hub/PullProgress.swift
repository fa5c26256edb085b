// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How far a pull is; read by one who shows it while others count.
public final class PullProgress: Sendable {
  private let done = Atomic(0)
  private let fetched = Atomic(0)
  private let total = Atomic(0)

  /// Starts at nothing.
  public init() {}

  /// Bytes that are here, those that were here before included.
  public var byteCount: Int { done.load(ordering: .relaxed) }

  /// Bytes that came over the network, those that had to come again included: it never falls.
  public var fetchedByteCount: Int { fetched.load(ordering: .relaxed) }

  /// Bytes that shall be here in the end; 0 before that is known.
  public var totalByteCount: Int { total.load(ordering: .relaxed) }

  func expect(_ byteCount: Int) { total.store(byteCount, ordering: .relaxed) }

  /// Counts bytes that were here before.
  func addPresent(_ byteCount: Int) { done.add(byteCount, ordering: .relaxed) }

  /// Counts bytes that came over the network.
  func addFetched(_ byteCount: Int) {
    fetched.add(byteCount, ordering: .relaxed)
    done.add(byteCount, ordering: .relaxed)
  }

  /// Takes back bytes that are not here after all.
  func forget(_ byteCount: Int) { done.subtract(byteCount, ordering: .relaxed) }
}
