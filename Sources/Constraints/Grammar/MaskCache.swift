// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The masks of a grammar's places that have been asked for.
///
/// It changes no mask, only how soon one is there.
final class MaskCache: Sendable {
  private struct PlaceKey: Hashable {
    var nodes: [Int32]
    var room: Int32
  }

  private struct ReturnKey: Hashable {
    var entry: Int32
    var returnNode: Int32
    var room: Int32
  }

  private struct Storage {
    var entries: [MaskEntry] = []
    var places: [PlaceKey: Int32] = [:]
    var returns: [ReturnKey: Int32] = [:]
    var machines: [Int32: ClosureMachine] = [:]
    var byteCount = 0
  }

  // LIMIT: a dense mask of 129,280 ids takes 16 KiB; a grammar has some hundreds of places.
  private static let byteCountMax = 32 << 20

  // LIMIT: one serves but where nesting is near its limit.
  private static let machineCountMax = 4

  private let automaton: Automaton
  private let vocabulary: TokenVocabulary
  /// The room for nesting from which on more of it makes no difference to any token.
  private let roomMax: Int32
  private let storage = Mutex(Storage())

  init(_ automaton: Automaton, _ vocabulary: TokenVocabulary) {
    self.automaton = automaton
    self.vocabulary = vocabulary
    roomMax = min(Automaton.nestingMax, vocabulary.bracketCountMax + 2 * automaton.needMax)
  }

  /// Writes the mask of a set of configurations, which are in order.
  func write(_ kernel: [Configuration], _ arena: StackArena, to mask: inout TokenMask) {
    mask.removeAll()
    storage.withLock { storage in
      if storage.byteCount > Self.byteCountMax { storage = Storage() }
      var start = 0
      while start < kernel.count {
        let frame = kernel[start].frame
        var end = start
        while end < kernel.count, kernel[end].frame == frame { end += 1 }
        write(kernel[start..<end].map(\.node), frame, arena, &storage, to: &mask)
        start = end
      }
    }
  }

  private func write(
    _ nodes: [Int32],
    _ top: Int32,
    _ arena: StackArena,
    _ storage: inout Storage,
    to mask: inout TokenMask
  ) {
    var frame = top
    var entry = place(PlaceKey(nodes: nodes, room: room(above: frame, arena)), &storage)
    storage.entries[Int(entry)].apply(to: &mask)
    while frame > 0, storage.entries[Int(entry)].dependsOnStack {
      let returnNode = arena.frames[Int(frame)].returnNode
      frame = arena.frames[Int(frame)].parent
      let key = ReturnKey(entry: entry, returnNode: returnNode, room: room(above: frame, arena))
      entry = composed(key, &storage)
      storage.entries[Int(entry)].apply(to: &mask)
    }
    guard frame == 0, storage.entries[Int(entry)].exits else { return }
    for token in vocabulary.endTokens { mask.insert(token) }
  }

  private func room(above frame: Int32, _ arena: StackArena) -> Int32 {
    min(roomMax, Automaton.nestingMax - arena.frames[Int(frame)].depth)
  }

  private func place(_ key: PlaceKey, _ storage: inout Storage) -> Int32 {
    if let index = storage.places[key] { return index }
    let index: Int32
    if key.nodes.count == 1, let entry = vocabulary.leafEntries[key.nodes[0]] {
      // The vocabulary's own; the copy shares its memory.
      index = Int32(storage.entries.count)
      storage.entries.append(entry)
    } else {
      index = add(room: key.room, &storage) { machine in
        MaskEntry(of: key.nodes, &machine, automaton, vocabulary.trie, idCount: vocabulary.count)
      }
    }
    storage.places[key] = index
    return index
  }

  private func composed(_ key: ReturnKey, _ storage: inout Storage) -> Int32 {
    if let index = storage.returns[key] { return index }
    let before = storage.entries[Int(key.entry)]
    let index = add(room: key.room, &storage) { machine in
      MaskEntry(
        after: before,
        at: key.returnNode,
        &machine,
        automaton,
        vocabulary.trie,
        idCount: vocabulary.count
      )
    }
    storage.returns[key] = index
    return index
  }

  private func add(
    room: Int32,
    _ storage: inout Storage,
    _ make: (inout ClosureMachine) -> MaskEntry
  ) -> Int32 {
    if storage.machines.count >= Self.machineCountMax { storage.machines = [:] }
    var machine =
      storage.machines.removeValue(forKey: room)
      ?? ClosureMachine(bottomDepth: Automaton.nestingMax - room)
    let entry = make(&machine)
    storage.machines[room] = machine
    storage.byteCount += entry.byteCount
    storage.entries.append(entry)
    return Int32(storage.entries.count - 1)
  }
}
