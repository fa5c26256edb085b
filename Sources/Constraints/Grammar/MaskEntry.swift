// SPDX-License-Identifier: Apache-2.0

/// What each token does from a set of nodes, the stack below them unknown.
struct MaskEntry: Sendable {
  /// Ids that fit whatever the stack.
  private(set) var ids: [Int32] = []
  /// The same as words, where they are many.
  private(set) var words: [UInt64] = []
  /// Whether the rule may end before any token: then each depends on the stack.
  private(set) var exits = false
  /// What is left, of the tokens that end the rule in their midst, after its end.
  private(set) var rest: TokenTrie?

  /// Whether the stack adds anything.
  var dependsOnStack: Bool { exits || rest != nil }

  /// About how many bytes it takes.
  var byteCount: Int {
    let trie = rest.map { $0.nodeCount * 13 + $0.tokens.count * 4 } ?? 0
    return 64 + ids.count * 4 + words.count * 8 + trie
  }

  /// Runs all tokens from nodes.
  init(
    of nodes: [Int32],
    _ machine: inout ClosureMachine,
    _ automaton: Automaton,
    _ vocabulary: TokenTrie,
    idCount: Int
  ) {
    if machine.isFull { machine.clear() }
    let start = machine.set(of: nodes, in: automaton)
    var suffixes: [TokenTrie.Item] = []
    takeControls(at: start, machine)
    walk(vocabulary, from: nodes, &machine, automaton, &suffixes)
    finish(suffixes, idCount)
  }

  /// Runs what an entry left to the stack from the node that the stack has next.
  init(
    after entry: MaskEntry,
    at returnNode: Int32,
    _ machine: inout ClosureMachine,
    _ automaton: Automaton,
    _ vocabulary: TokenTrie,
    idCount: Int
  ) {
    if machine.isFull { machine.clear() }
    let start = machine.set(of: [returnNode], in: automaton)
    let startExits = machine.exits[Int(start)]
    var suffixes: [TokenTrie.Item] = []
    if entry.exits {
      takeControls(at: start, machine)
      walk(vocabulary, from: [returnNode], &machine, automaton, &suffixes)
    }
    if let rest = entry.rest {
      if startExits { rest.appendSuffixes(after: 0, to: &suffixes) }
      walk(rest, from: [returnNode], &machine, automaton, &suffixes)
    }
    finish(suffixes, idCount)
  }

  private mutating func takeControls(at set: Int32, _ machine: ClosureMachine) {
    ids += machine.closures[Int(set)].controls.map(\.token)
    exits = machine.exits[Int(set)]
  }

  /// Notes the tokens that fit, and what follows the ends of the rule.
  private mutating func walk(
    _ trie: TokenTrie,
    from nodes: [Int32],
    _ machine: inout ClosureMachine,
    _ automaton: Automaton,
    _ suffixes: inout [TokenTrie.Item]
  ) {
    let (bytes, depths, ends) = (trie.bytes.span, trie.depths.span, trie.ends.span)
    let (tokenStarts, tokens) = (trie.tokenStarts.span, trie.tokens.span)
    var sets = [Int32](repeating: 0, count: trie.depthMax + 1)
    var path = [UInt8](repeating: 0, count: trie.depthMax + 1)
    var found: [Int32] = []
    sets[0] = machine.set(of: nodes, in: automaton)
    var node = 1
    while node < bytes.count {
      let depth = Int(depths[node])
      path[depth] = bytes[node]
      if machine.isFull {
        machine.clear()
        sets[0] = machine.set(of: nodes, in: automaton)
        for index in 1..<depth {
          sets[index] = machine.step(sets[index - 1], path[index], in: automaton)
        }
      }
      let set = machine.step(sets[depth - 1], bytes[node], in: automaton)
      guard set != ClosureMachine.dead else {
        node = Int(ends[node])
        continue
      }
      sets[depth] = set
      for index in Int(tokenStarts[node])..<Int(tokenStarts[node + 1]) {
        found.append(tokens[index])
      }
      if machine.exits[Int(set)], trie.hasChildren(node) {
        trie.appendSuffixes(after: node, to: &suffixes)
      }
      node += 1
    }
    ids += found
  }

  private mutating func finish(_ suffixes: [TokenTrie.Item], _ idCount: Int) {
    if !suffixes.isEmpty { rest = TokenTrie(suffixes) }
    guard ids.count > idCount / 32 else { return }
    var mask = TokenMask(count: idCount)
    for id in ids { mask.insert(id) }
    words = mask.words
    ids = []
  }

  /// Puts the ids into a mask.
  func apply(to mask: inout TokenMask) {
    if !words.isEmpty { mask.formUnion(words) }
    for id in ids { mask.insert(id) }
  }
}
