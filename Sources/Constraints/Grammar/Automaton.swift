// SPDX-License-Identifier: Apache-2.0

/// A pushdown automaton over bytes and control tokens.
///
/// Nodes form rules; a call enters a rule at any of its nodes and goes on at its return node when
/// the rule comes to a final node. A rule takes at least one byte, and none calls itself before it has
/// taken one, so that a closure ends.
struct Automaton: Sendable {
  /// A step over one byte.
  struct Edge: Sendable, Hashable {
    var low: UInt8
    var high: UInt8
    var target: Int32
  }

  /// A step through a rule.
  struct Call: Sendable, Hashable {
    var entry: Int32
    var returnNode: Int32
  }

  /// A step over a control token.
  struct ControlEdge: Sendable, Hashable {
    var token: Int32
    var target: Int32
  }

  /// A place in a rule.
  struct Node: Sendable {
    var edges: [Edge] = []
    var jumps: [Int32] = []
    var calls: [Call] = []
    var controls: [ControlEdge] = []
    var isFinal = false
    /// How many brackets of JSON the rule has open here.
    var level: Int32 = 0

    /// Whether nothing but the rule's end is here.
    var isOnlyFinal: Bool {
      isFinal && edges.isEmpty && jumps.isEmpty && calls.isEmpty && controls.isEmpty
    }
  }

  // LIMIT: what Hadal's own reader of JSON takes; other readers take at least as much.
  static let nestingMax: Int32 = 64
  // LIMIT: a document that gets nowhere near it takes tens of milliseconds to compile.
  static let nodeCountMax = 100_000
  /// What stands for no way to the end.
  static let never = Int32.max

  private(set) var nodes: [Node] = []
  /// The least nesting of JSON with which a node can come to its rule's end, from the rule's start on;
  /// `never` where it cannot.
  private(set) var needs: [Int32] = []
  /// The nodes of rules without calls to which a byte leads.
  private(set) var standing: Set<Int32> = []
  /// Whether a node does no more than call such a one: then a text may as well stand there at once.
  private(set) var isOpening: [Bool] = []
  /// The largest of the needs that can be met.
  private(set) var needMax: Int32 = 0

  /// Adds a node.
  ///
  /// - Throws: `ConstraintError` where there are too many.
  mutating func addNode(level: Int = 0) throws(ConstraintError) -> Int32 {
    guard nodes.count < Self.nodeCountMax else {
      throw ConstraintError(.tooLarge(what: "states", limit: Self.nodeCountMax), at: "#")
    }
    nodes.append(Node(level: Int32(level)))
    return Int32(nodes.count - 1)
  }

  /// Adds a step over a byte of a range.
  mutating func addEdge(_ range: ClosedRange<UInt8>, from node: Int32, to target: Int32) {
    let edge = Edge(low: range.lowerBound, high: range.upperBound, target: target)
    nodes[Int(node)].edges.append(edge)
  }

  /// Adds a step over one of some bytes.
  mutating func addEdges(_ bytes: String, from node: Int32, to target: Int32) {
    for byte in bytes.utf8 { addEdge(byte...byte, from: node, to: target) }
  }

  /// Adds a step over nothing.
  mutating func addJump(from node: Int32, to target: Int32) {
    nodes[Int(node)].jumps.append(target)
  }

  /// Adds a step through a rule.
  mutating func addCall(_ entry: Int32, from node: Int32, to returnNode: Int32) {
    nodes[Int(node)].calls.append(Call(entry: entry, returnNode: returnNode))
  }

  /// Adds a step over a control token.
  mutating func addControl(_ token: Int32, from node: Int32, to target: Int32) {
    nodes[Int(node)].controls.append(ControlEdge(token: token, target: target))
  }

  /// Makes a node an end of its rule.
  mutating func setFinal(_ node: Int32) { nodes[Int(node)].isFinal = true }

  /// Adds steps over bytes, one after the other.
  mutating func addLiteral(
    _ bytes: some Collection<UInt8>,
    from node: Int32,
    to target: Int32
  ) throws(ConstraintError) {
    let level = Int(nodes[Int(node)].level)
    var current = node
    for (index, byte) in bytes.enumerated() {
      let next = index == bytes.count - 1 ? target : try addNode(level: level)
      addEdge(byte...byte, from: current, to: next)
      current = next
    }
    if bytes.isEmpty { addJump(from: node, to: target) }
  }

  /// Takes what there is for rules without calls.
  mutating func markStanding() {
    standing = Set(nodes.flatMap { $0.edges.map(\.target) })
  }

  /// Computes what each node needs; comes after the last node.
  ///
  /// - Complexity: O(steps × nesting): a need only falls, and from one level to a lower.
  mutating func finish() {
    needs = [Int32](repeating: Self.never, count: nodes.count)
    let users = usersOfNodes()
    var pending = nodes.indices.filter { nodes[$0].isFinal }
    while let node = pending.popLast() {
      let need = computedNeed(of: node)
      guard need < needs[node] else { continue }
      needs[node] = need
      pending.append(contentsOf: users[node].map(Int.init))
    }
    isOpening = nodes.map { node in
      node.calls.count == 1 && standing.contains(node.calls[0].entry) && node.edges.isEmpty
        && node.jumps.isEmpty && node.controls.isEmpty && !node.isFinal
    }
    needMax = needs.lazy.filter { $0 != Self.never }.max() ?? 0
  }

  private func usersOfNodes() -> [[Int32]] {
    var users = [[Int32]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for edge in node.edges { users[Int(edge.target)].append(Int32(index)) }
      for target in node.jumps { users[Int(target)].append(Int32(index)) }
      for edge in node.controls { users[Int(edge.target)].append(Int32(index)) }
      for call in node.calls {
        users[Int(call.entry)].append(Int32(index))
        users[Int(call.returnNode)].append(Int32(index))
      }
    }
    return users
  }

  private func computedNeed(of index: Int) -> Int32 {
    let node = nodes[index]
    var least = node.isFinal ? node.level : Self.never
    for edge in node.edges { least = min(least, needs[Int(edge.target)]) }
    for target in node.jumps { least = min(least, needs[Int(target)]) }
    for edge in node.controls { least = min(least, needs[Int(edge.target)]) }
    for call in node.calls {
      let inner = needs[Int(call.entry)]
      guard inner != Self.never else { continue }
      least = min(least, max(inner + node.level, needs[Int(call.returnNode)]))
    }
    return least == Self.never ? least : max(least, node.level)
  }
}
