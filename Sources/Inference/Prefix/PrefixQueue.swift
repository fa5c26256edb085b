// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import Synchronization

/// A block on its way to the disk.
package final class PrefixWrite: Sendable {
  private enum State {
    case waiting(PrefixRecord, SequenceBlock)
    case written
    case dropped
  }

  private let state: Mutex<State>

  init(_ record: PrefixRecord, _ block: SequenceBlock) {
    state = Mutex(.waiting(record, block))
  }

  /// Lets go of a block that waits, since its memory is wanted.
  ///
  /// - Returns: Whether it is on the disk already.
  func drop() -> Bool {
    state.withLock { state in
      if case .written = state { return true }
      state = .dropped
      return false
    }
  }

  /// Whether it will never be written.
  var isDropped: Bool {
    state.withLock { state in
      if case .dropped = state { return true }
      return false
    }
  }

  /// The block, for the one who writes it.
  var waiting: (PrefixRecord, SequenceBlock)? {
    state.withLock { state in
      if case .waiting(let record, let block) = state { return (record, block) }
      return nil
    }
  }

  /// Notes what became of it.
  func end(isWritten: Bool) { state.withLock { $0 = isWritten ? .written : .dropped } }
}

/// What is to be done on the disk, in its order, by a thread that comes and goes with the work.
final class PrefixQueue: Sendable {
  enum Job {
    case write(PrefixWrite)
    /// Marks files as used, the last one most recently.
    case mark([String])
    case remove(String)
  }

  private struct State {
    var jobs: [Job] = []
    var isRunning = false
  }

  // LIMIT: what waits beyond it is dropped, since the cache only saves work: some 16 long prompts.
  private static let mostJobs = 1 << 14

  private let state = Mutex(State())

  /// Appends work.
  ///
  /// - Returns: Whether nobody does it yet: the caller must have `next` asked until it gives nothing.
  func append(_ jobs: [Job]) -> Bool {
    state.withLock { state in
      guard state.jobs.count + jobs.count <= Self.mostJobs else {
        for case .write(let write) in jobs { write.end(isWritten: false) }
        return false
      }
      state.jobs += jobs
      defer { state.isRunning = true }
      return !state.isRunning
    }
  }

  /// All work that waits; nil ends the thread.
  func next() -> [Job]? {
    state.withLock { state in
      guard !state.jobs.isEmpty else {
        state.isRunning = false
        return nil
      }
      defer { state.jobs = [] }
      return state.jobs
    }
  }

  /// Drops what waits, where no thread can be had.
  func clear() {
    for case .write(let write) in next() ?? [] { write.end(isWritten: false) }
    _ = next()
  }
}
