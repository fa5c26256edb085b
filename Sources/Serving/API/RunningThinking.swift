// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Synchronization

/// The running answers whose thinking can be ended, by the names that their chunks have.
///
/// An answer that has ended is forgotten by itself: only it holds its end.
final class RunningThinking: Sendable {
  private struct Entry: Sendable {
    weak let end: ThinkingEnd?
  }

  private let entries = Mutex<[String: Entry]>([:])

  /// Notes an answer that begins.
  func begin(_ id: String) -> ThinkingEnd {
    let end = ThinkingEnd()
    entries.withLock { entries in
      entries = entries.filter { $0.value.end != nil }
      entries[id] = Entry(end: end)
    }
    return end
  }

  /// Ends an answer's thinking.
  ///
  /// - Returns: Whether there is such an answer.
  func end(_ id: String) -> Bool {
    let end = entries.withLock { $0[id]?.end }
    end?.want()
    return end != nil
  }
}
