// SPDX-License-Identifier: Apache-2.0

/// The automaton above an unknown stack, made deterministic as it is walked.
struct ClosureMachine: Sendable {
  /// The nesting below the bottom.
  let bottomDepth: Int32
  private var arena: StackArena
  private(set) var closures: [ConfigurationClosure] = []
  /// Whether the rule at the bottom can end in each set.
  private(set) var exits: [Bool] = []
  private var indices: [[Configuration]: Int32] = [:]
  /// For each set and byte the next set, or one of the two below.
  private var rows: [Int32] = []

  static let dead: Int32 = -1
  private static let unknown: Int32 = -2
  // LIMIT: a row takes 1 KiB; strings need some ten of them, bounded ones some hundreds.
  private static let countMax = 4096

  init(bottomDepth: Int32) {
    self.bottomDepth = bottomDepth
    arena = StackArena(bottomDepth: bottomDepth)
  }

  /// Whether there is so much that it should be forgotten, and numbers found anew.
  var isFull: Bool { exits.count >= Self.countMax }

  /// Forgets all; numbers that were given out mean nothing any more.
  mutating func clear() { self = ClosureMachine(bottomDepth: bottomDepth) }

  /// The number of a set of nodes that stand at the bottom.
  mutating func set(of nodes: [Int32], in automaton: Automaton) -> Int32 {
    index(of: nodes.map { Configuration(node: $0, frame: 0) }, in: automaton)
  }

  /// The set after a byte, or `dead`.
  mutating func step(_ set: Int32, _ byte: UInt8, in automaton: Automaton) -> Int32 {
    let place = Int(set) << 8 | Int(byte)
    let known = rows[place]
    return known == Self.unknown ? newStep(set, byte, in: automaton) : known
  }

  private mutating func newStep(_ set: Int32, _ byte: UInt8, in automaton: Automaton) -> Int32 {
    let kernel = closures[Int(set)].kernel(after: byte)
    let next = kernel.isEmpty ? Self.dead : index(of: kernel, in: automaton)
    rows[Int(set) << 8 | Int(byte)] = next
    return next
  }

  private mutating func index(of kernel: [Configuration], in automaton: Automaton) -> Int32 {
    if let index = indices[kernel] { return index }
    let index = Int32(closures.count)
    closures.append(ConfigurationClosure(of: kernel, in: automaton, &arena))
    exits.append(closures[Int(index)].exits)
    rows.append(contentsOf: repeatElement(Self.unknown, count: 256))
    indices[kernel] = index
    return index
  }
}
