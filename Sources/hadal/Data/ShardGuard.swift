// SPDX-License-Identifier: Apache-2.0

import Identity
import Synchronization
import Training

/// The identity guard as shards are made: it looks at every document that is to be kept, on all
/// threads, and counts what became of those with hits.
final class ShardGuard: Sendable {
  /// An undecided hit.
  struct Open: Sendable {
    var path: String
    var offset: Int
    var line: Int
    var hit: IdentityHit
  }

  private struct State {
    var record: ShardsIndex.IdentityRecord
    var open: [Open] = []
    var openHitCount = 0
    var openDocumentCount = 0
  }

  // LIMIT: more than anybody reads; what lies beyond is counted.
  private static let shownCount = 1_000

  private let guardian: IdentityGuard
  private let resolution: IdentityResolution
  private let dropsTheRest: Bool
  private let state: Mutex<State>

  /// Makes a guard; nil where none is asked for.
  ///
  /// - Throws: `IdentityError` where the decisions cannot be read.
  init?(_ options: IdentityOptions) throws {
    guard options.identity != .unchecked else { return nil }
    guardian = IdentityGuard(IdentityGuard.Settings(allowed: options.allowed))
    resolution = try options.resolution()
    dropsTheRest = options.identity == .rewriteOrDrop
    state = Mutex(
      State(record: .init(rules: guardian.rulesDigest, allowed: options.allowed))
    )
  }

  /// Gives a document back, rewritten where it had to be; nil where it is dropped or undecided.
  func check(_ document: Document) -> Document? {
    let guarded = GuardedDocument(document)
    let outcome = guardian.resolve(guarded.view, by: resolution)
    guard outcome.hitCount > 0 else { return document }
    let isDropped = outcome.document == nil || dropsTheRest && !outcome.open.isEmpty
    state.withLock { state in
      state.record.hitDocumentCount += 1
      if isDropped {
        state.record.droppedCount += 1
      } else if !outcome.open.isEmpty {
        state.openDocumentCount += 1
        state.openHitCount += outcome.open.count
        state.open += outcome.open.map { hit in
          Open(
            path: document.place.path,
            offset: document.place.offset,
            line: guarded.line(of: hit),
            hit: hit
          )
        }
        if state.open.count > 8 * Self.shownCount { Self.trim(&state.open) }
      } else {
        if outcome.isRewritten { state.record.rewrittenCount += 1 }
        if !outcome.accepted.isEmpty { state.record.acceptedCount += 1 }
      }
    }
    guard !isDropped, outcome.open.isEmpty, let resolved = outcome.document else { return nil }
    return guarded.document(resolved)
  }

  /// What shards.json says; it is asked when all documents were looked at.
  ///
  /// - Throws: `IdentityError` where hits are undecided.
  func record() throws -> ShardsIndex.IdentityRecord {
    try state.withLock { state in
      guard state.openHitCount == 0 else {
        Self.trim(&state.open)
        throw IdentityError(
          .unresolved(hits: state.openHitCount, documents: state.openDocumentCount),
          file: state.open[0].path,
          line: state.open[0].line
        )
      }
      return state.record
    }
  }

  /// The first undecided hits in the order of files and lines, whatever thread found them, and how
  /// many there are in all.
  var open: (shown: [Open], count: Int) {
    state.withLock { state in
      Self.trim(&state.open)
      return (state.open, state.openHitCount)
    }
  }

  private static func trim(_ hits: inout [Open]) {
    hits.sort {
      ($0.path, $0.offset, $0.hit.turn, $0.hit.sentenceBytes.lowerBound)
        < ($1.path, $1.offset, $1.hit.turn, $1.hit.sentenceBytes.lowerBound)
    }
    hits.removeLast(max(0, hits.count - shownCount))
  }
}
