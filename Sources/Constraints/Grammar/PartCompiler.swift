// SPDX-License-Identifier: Apache-2.0

/// Makes an automaton of the parts of a grammar.
struct PartCompiler {
  private(set) var automaton = SharedRules.standard.automaton
  private let vocabulary: TokenVocabulary
  private var depth = 0

  // LIMIT: parts within parts; tool calls need about ten.
  private static let depthMax = 100

  init(_ vocabulary: TokenVocabulary) { self.vocabulary = vocabulary }

  /// Compiles a whole grammar; returns where it starts.
  mutating func compile(_ part: GrammarPart) throws(ConstraintError) -> Int32 {
    let start = try automaton.addNode()
    let end = try automaton.addFinal()
    try add(part, from: start, to: end)
    automaton.finish()
    guard automaton.needs[Int(start)] <= Automaton.nestingMax else {
      let why =
        automaton.needs[Int(start)] == Automaton.never
        ? "it has no end" : "it nests deeper than \(Automaton.nestingMax) levels"
      throw ConstraintError(.unsatisfiable(why), at: "#")
    }
    return start
  }

  private mutating func add(
    _ part: GrammarPart,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else {
      throw ConstraintError(.tooLarge(what: "parts within parts", limit: Self.depthMax), at: "#")
    }
    switch part {
    case .literal(let bytes): try automaton.addLiteral(bytes, from: start, to: end)
    case .token(let token):
      guard vocabulary.isControl(token) else {
        throw ConstraintError(.notControl(token: token), at: "#")
      }
      automaton.addControl(token, from: start, to: end)
    case .choice(let parts):
      for part in parts { try add(part, from: start, to: end) }
    case .sequence(let parts): try addSequence(parts, from: start, to: end)
    case .repeated(let part, let separator, let minimum, let maximum):
      try addRepeated(part, separator, minimum, maximum, from: start, to: end)
    case .json(let schema):
      // Handed on and back, so that its nodes are never copied.
      var held = SharedRules.standard.automaton
      swap(&held, &automaton)
      var compiler = SchemaCompiler(schema, consume held)
      try compiler.compile(from: start, to: end)
      automaton = compiler.automaton
    case .text:
      let loop = try automaton.addNode()
      automaton.addJump(from: start, to: loop)
      automaton.addEdge(0...0x7F, from: loop, to: loop)
      try automaton.addLongScalar(from: loop, to: loop)
      automaton.addJump(from: loop, to: end)
    case .textThrough(let marker): try addText(through: marker, from: start, to: end)
    }
  }

  private mutating func addSequence(
    _ parts: [GrammarPart],
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    var current = start
    for part in parts {
      let next = try automaton.addNode()
      try add(part, from: current, to: next)
      current = next
    }
    automaton.addJump(from: current, to: end)
  }

  private mutating func addRepeated(
    _ part: GrammarPart,
    _ separator: GrammarPart,
    _ minimum: Int,
    _ maximum: Int?,
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    if minimum <= 0 { automaton.addJump(from: start, to: end) }
    var current = try automaton.addNode()
    automaton.addJump(from: start, to: current)
    // Those that are counted, one after the other; without a maximum the last one comes again.
    let copyCount = maximum ?? max(minimum, 1)
    guard copyCount > 0 else { return }
    for number in 1...copyCount {
      let after = try automaton.addNode()
      try add(part, from: current, to: after)
      if number >= minimum { automaton.addJump(from: after, to: end) }
      if number == copyCount {
        if maximum == nil { try add(separator, from: after, to: current) }
      } else {
        let next = try automaton.addNode()
        try add(separator, from: after, to: next)
        current = next
      }
    }
  }

  /// Text in which a marker stands at the end and nowhere before (Knuth, Morris, Pratt 1977).
  private mutating func addText(
    through marker: [UInt8],
    from start: Int32,
    to end: Int32
  ) throws(ConstraintError) {
    guard !marker.isEmpty else { return automaton.addJump(from: start, to: end) }
    // The product of two automata: how much of the marker has come, and where in a character one is.
    var text = TextSteps()
    try text.build(&automaton)
    let first = TextSteps.Place(matched: 0, node: text.loop)
    let origin = try automaton.addNode()
    automaton.addJump(from: start, to: origin)
    var places = [first: origin]
    var pending = [first]
    let failures = Self.failures(of: marker)
    while let place = pending.popLast(), let node = places[place] {
      for byte in UInt8.min...UInt8.max {
        guard let target = text.step(place.node, byte, automaton) else { continue }
        var matched = place.matched
        while matched > 0, marker[matched] != byte { matched = failures[matched - 1] }
        if marker[matched] == byte { matched += 1 }
        if matched == marker.count {
          automaton.addEdge(byte...byte, from: node, to: end)
          continue
        }
        let next = TextSteps.Place(matched: matched, node: target)
        if places[next] == nil {
          places[next] = try automaton.addNode()
          pending.append(next)
        }
        if let next = places[next] { automaton.addEdge(byte...byte, from: node, to: next) }
      }
    }
  }

  private static func failures(of marker: [UInt8]) -> [Int] {
    var failures = [Int](repeating: 0, count: marker.count)
    var length = 0
    for index in marker.indices.dropFirst() {
      while length > 0, marker[index] != marker[length] { length = failures[length - 1] }
      if marker[index] == marker[length] { length += 1 }
      failures[index] = length
    }
    return failures
  }
}

/// The places in well-formed text, for a product with another automaton.
private struct TextSteps {
  struct Place: Hashable {
    var matched: Int
    var node: Int32
  }

  private(set) var loop: Int32 = 0

  mutating func build(_ automaton: inout Automaton) throws(ConstraintError) {
    loop = try automaton.addNode()
    automaton.addEdge(0...0x7F, from: loop, to: loop)
    try automaton.addLongScalar(from: loop, to: loop)
  }

  func step(_ node: Int32, _ byte: UInt8, _ automaton: Automaton) -> Int32? {
    automaton.nodes[Int(node)].edges.first { $0.low <= byte && byte <= $0.high }?.target
  }
}
