// SPDX-License-Identifier: Apache-2.0

/// Makes a byte table of an expression: first with choices (Thompson 1968), then without (Rabin and
/// Scott 1959).
struct PatternMachine {
  private struct State {
    var edges: [ByteTable.Edge] = []
    var jumps: [Int] = []
  }

  private let pointer: String
  private var states: [State] = []
  private var start = 0
  private var end = 0

  // LIMIT: what keeps the worst expression within some milliseconds and a megabyte.
  private static let stateCountMax = 20_000
  private static let tableCountMax = 2000
  // LIMIT: states that are looked at; a tenth of a second. Patterns of formats take a hundredth of it.
  private static let workCountMax = 2_000_000
  private var workCount = 0

  init(_ pointer: String) { self.pointer = pointer }

  /// Builds the machine of a whole expression, which may be found anywhere but for its anchors.
  mutating func build(_ part: StringPattern.Part) throws(ConstraintError) {
    start = try add()
    end = try add()
    guard case .choice(let branches) = part else { return try addBranch(part) }
    for branch in branches { try addBranch(branch) }
  }

  private mutating func addBranch(_ part: StringPattern.Part) throws(ConstraintError) {
    var parts = [part]
    if case .sequence(let several) = part { parts = several }
    var from = try add()
    states[start].jumps.append(from)
    if case .start = parts.first {
      parts.removeFirst()
    } else {
      try addScalars(.all, from: from, to: from)
    }
    var isAnchored = false
    if case .end = parts.last {
      parts.removeLast()
      isAnchored = true
    }
    for part in parts { from = try add(part, from: from) }
    let last = try add()
    states[from].jumps.append(last)
    if !isAnchored { try addScalars(.all, from: last, to: last) }
    states[last].jumps.append(end)
  }

  private mutating func add() throws(ConstraintError) -> Int {
    guard states.count < Self.stateCountMax else {
      throw ConstraintError(
        .tooLarge(what: "states in a pattern", limit: Self.stateCountMax),
        at: pointer
      )
    }
    states.append(State())
    return states.count - 1
  }

  /// Adds a part; returns the state after it.
  private mutating func add(
    _ part: StringPattern.Part,
    from: Int
  ) throws(ConstraintError) -> Int {
    switch part {
    case .scalars(let set):
      let target = try add()
      try addScalars(set, from: from, to: target)
      return target
    case .sequence(let parts):
      var current = from
      for part in parts { current = try add(part, from: current) }
      return current
    case .choice(let parts):
      let target = try add()
      for part in parts {
        let last = try add(part, from: from)
        states[last].jumps.append(target)
      }
      return target
    case .repeated(let part, let minimum, let maximum):
      return try addRepeated(part, minimum, maximum, from: from)
    case .start, .end:
      throw ConstraintError(.pattern("'^' and '$' are read at the ends alone"), at: pointer)
    }
  }

  private mutating func addRepeated(
    _ part: StringPattern.Part,
    _ minimum: Int,
    _ maximum: Int?,
    from: Int
  ) throws(ConstraintError) -> Int {
    var current = from
    for _ in 0..<minimum { current = try add(part, from: current) }
    let target = try add()
    guard let maximum else {
      // A state of its own, so that what comes back cannot go on elsewhere.
      let loop = try add()
      states[current].jumps.append(loop)
      let last = try add(part, from: loop)
      states[last].jumps.append(loop)
      states[loop].jumps.append(target)
      return target
    }
    for _ in minimum..<maximum {
      states[current].jumps.append(target)
      let next = try add()
      states[current].jumps.append(next)
      current = try add(part, from: next)
    }
    states[current].jumps.append(target)
    return target
  }

  private mutating func addScalars(
    _ set: ScalarSet,
    from: Int,
    to target: Int
  ) throws(ConstraintError) {
    for spelling in set.spellings {
      var current = from
      for (index, range) in spelling.enumerated() {
        let next = index == spelling.count - 1 ? target : try add()
        states[current].edges.append(
          ByteTable.Edge(low: range.lowerBound, high: range.upperBound, target: Int32(next))
        )
        current = next
      }
    }
  }

  /// The same without choices.
  mutating func table() throws(ConstraintError) -> ByteTable {
    var table = ByteTable()
    var indices: [[Int]: Int32] = [:]
    var sets: [[Int]] = []
    let tooLarge = ConstraintError(
      .tooLarge(what: "states in a pattern", limit: Self.tableCountMax),
      at: pointer
    )
    func index(of set: [Int]) throws(ConstraintError) -> Int32 {
      if let index = indices[set] { return index }
      guard sets.count < Self.tableCountMax else { throw tooLarge }
      indices[set] = Int32(sets.count)
      sets.append(set)
      table.states.append(ByteTable.State(isFinal: set.contains(end)))
      return Int32(sets.count - 1)
    }
    _ = try index(of: closure([start]))
    var current = 0
    while current < sets.count {
      let edges = sets[current].flatMap { states[$0].edges }
      for range in Self.atoms(of: edges) {
        workCount += edges.count
        guard workCount < Self.workCountMax else { throw tooLarge }
        let targets = edges.filter { $0.low <= range.lowerBound && range.lowerBound <= $0.high }
        let target = try index(of: closure(targets.map { Int($0.target) }))
        table.states[current].add(range, target)
      }
      current += 1
    }
    return table
  }

  /// The ranges within which all bytes do the same.
  private static func atoms(of edges: [ByteTable.Edge]) -> [ClosedRange<UInt8>] {
    var starts = Set<Int>()
    for edge in edges {
      starts.insert(Int(edge.low))
      starts.insert(Int(edge.high) + 1)
    }
    let sorted = starts.sorted()
    var atoms: [ClosedRange<UInt8>] = []
    for (low, next) in zip(sorted, sorted.dropFirst())
    where edges.contains(where: { Int($0.low) <= low && low <= Int($0.high) }) {
      atoms.append(UInt8(low)...UInt8(next - 1))
    }
    return atoms
  }

  private mutating func closure(_ start: [Int]) -> [Int] {
    var seen = Set(start)
    var pending = start
    while let state = pending.popLast() {
      for jump in states[state].jumps where seen.insert(jump).inserted { pending.append(jump) }
    }
    workCount += seen.count
    // States without edges say nothing, but for the end.
    return seen.filter { !states[$0].edges.isEmpty || $0 == end }.sorted()
  }
}
