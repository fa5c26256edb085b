// SPDX-License-Identifier: Apache-2.0

/// A regular expression as instructions for a backtracking machine.
struct PatternProgram: Sendable {
  enum Instruction: Sendable {
    /// One scalar of a set, by its index.
    case set(Int)
    /// A run of scalars of a set, one backtracking frame for all its lengths.
    case run(set: Int, minimum: Int, maximum: Int, isLazy: Bool)
    /// Goes on at `first`; at `second` if that fails.
    case branch(first: Int, second: Int)
    case jump(Int)
    /// Runs what follows as a program of its own that ends with `accept`, then goes on at `end`.
    case lookahead(isNegated: Bool, end: Int)
    case atomic(end: Int)
    case accept
    /// Remembers where a round of a loop begins whose body may be empty.
    case mark(slot: Int)
    /// Leaves the loop for `exit` if the round consumed nothing.
    case leaveIfEmpty(slot: Int, exit: Int)
    case anchor(PatternNode.Anchor)
  }

  /// LIMIT: the longest program; published patterns take a few dozen instructions.
  private static let lengthLimit = 20_000

  private(set) var instructions: [Instruction] = []
  private(set) var sets: [CharacterSet] = []
  private(set) var slotCount = 0
  /// Nodes seen, copies included: a count of nothing makes work without instructions.
  private var nodeCount = 0

  init(_ node: PatternNode) throws(TokenizationError) {
    try append(node)
    instructions.append(.accept)
  }

  private mutating func append(_ node: PatternNode) throws(TokenizationError) {
    nodeCount += 1
    guard max(nodeCount, instructions.count) < Self.lengthLimit else {
      throw TokenizationError(.unsupportedPattern(construct: "{", offset: 0))
    }
    switch node {
    case .set(let set):
      instructions.append(.set(index(of: set)))
    case .sequence(let nodes):
      for node in nodes { try append(node) }
    case .alternatives(let nodes):
      try appendAlternatives(nodes)
    case .repetition(let body, let repetition):
      try appendRepetition(body, repetition)
    case .lookahead(let body, let isNegated):
      try appendEnclosed(body) { .lookahead(isNegated: isNegated, end: $0) }
    case .atomic(let body):
      try appendEnclosed(body) { .atomic(end: $0) }
    case .anchor(let anchor):
      instructions.append(.anchor(anchor))
    }
  }

  private mutating func appendEnclosed(
    _ body: PatternNode,
    _ opening: (Int) -> Instruction
  ) throws(TokenizationError) {
    let place = instructions.count
    instructions.append(.accept)
    try append(body)
    instructions.append(.accept)
    instructions[place] = opening(instructions.count)
  }

  private mutating func appendAlternatives(_ nodes: [PatternNode]) throws(TokenizationError) {
    var jumps: [Int] = []
    for (index, node) in nodes.enumerated() {
      let branch = instructions.count
      let isLast = index == nodes.count - 1
      if !isLast { instructions.append(.accept) }
      try append(node)
      guard !isLast else { break }
      jumps.append(instructions.count)
      instructions.append(.accept)
      instructions[branch] = .branch(first: branch + 1, second: instructions.count)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }

  private mutating func appendRepetition(
    _ body: PatternNode,
    _ repetition: PatternNode.Repetition
  ) throws(TokenizationError) {
    if repetition.order == .possessive {
      var greedy = repetition
      greedy.order = .greedy
      try append(.atomic(.repetition(body, greedy)))
      return
    }
    let isLazy = repetition.order == .lazy
    if case .set(let set) = body {
      instructions.append(
        .run(
          set: index(of: set),
          minimum: repetition.minimum,
          maximum: repetition.maximum ?? .max,
          isLazy: isLazy
        )
      )
      return
    }
    for _ in 0..<repetition.minimum { try append(body) }
    if let maximum = repetition.maximum {
      try appendOptional(body, count: maximum - repetition.minimum, isLazy: isLazy)
    } else {
      try appendLoop(body, isLazy: isLazy)
    }
  }

  private mutating func appendOptional(
    _ body: PatternNode,
    count: Int,
    isLazy: Bool
  ) throws(TokenizationError) {
    var branches: [Int] = []
    for _ in 0..<count {
      branches.append(instructions.count)
      instructions.append(.accept)
      try append(body)
    }
    for branch in branches {
      instructions[branch] = Self.branch(branch + 1, instructions.count, isLazy: isLazy)
    }
  }

  private mutating func appendLoop(
    _ body: PatternNode,
    isLazy: Bool
  ) throws(TokenizationError) {
    let loop = instructions.count
    instructions.append(.accept)
    let slot = slotCount
    if body.mayBeEmpty {
      slotCount += 1
      instructions.append(.mark(slot: slot))
    }
    try append(body)
    let check = instructions.count
    if body.mayBeEmpty { instructions.append(.accept) }
    instructions.append(.jump(loop))
    let exit = instructions.count
    if body.mayBeEmpty { instructions[check] = .leaveIfEmpty(slot: slot, exit: exit) }
    instructions[loop] = Self.branch(loop + 1, exit, isLazy: isLazy)
  }

  private static func branch(_ into: Int, _ past: Int, isLazy: Bool) -> Instruction {
    isLazy ? .branch(first: past, second: into) : .branch(first: into, second: past)
  }

  private mutating func index(of set: CharacterSet) -> Int {
    if let index = sets.firstIndex(of: set) { return index }
    sets.append(set)
    return sets.count - 1
  }
}
