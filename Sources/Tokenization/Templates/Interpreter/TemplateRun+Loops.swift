// SPDX-License-Identifier: Apache-2.0

extension TemplateRun {
  /// Runs a loop.
  func run(_ loop: TemplateLoop, _ frame: TemplateFrame) throws(TemplateError) {
    let iterable = try evaluate(loop.iterable, frame)
    if loop.isRecursive {
      hold(frame)
      try write(.text(runRecursive(loop, over: iterable, frame, depth: 0)))
    } else {
      try run(loop, over: iterable, frame, depth: 0)
    }
  }

  /// Runs a recursive loop's function and returns what it wrote.
  func runRecursive(
    _ loop: TemplateLoop,
    over iterable: TemplateValue,
    _ frame: TemplateFrame,
    depth: Int
  ) throws(TemplateError) -> OriginText {
    let inner = TemplateFrame(
      slotCount: program.scopes.slotCounts[loop.function],
      parent: frame
    )
    hold(inner)
    let outer = output
    output = OriginText()
    defer { output = outer }
    try run(loop, over: iterable, inner, depth: depth)
    return output
  }

  private func run(
    _ loop: TemplateLoop,
    over iterable: TemplateValue,
    _ frame: TemplateFrame,
    depth: Int
  ) throws(TemplateError) {
    try enter()
    defer { leave() }
    var step = try iterable.requiredStep()
    if let test = loop.test { step = try tested(loop, test, step, frame) }
    let state = LoopObject(
      step,
      count: loop.test == nil ? iterable.knownCount : nil,
      depth: depth,
      recursion: loop.isRecursive ? (loop: loop, frame: frame.parent ?? frame) : nil
    )
    let isElseDue = try runBody(loop, state, frame)
    guard isElseDue, !loop.otherwise.isEmpty else { return }
    let otherwise = program.scopes.scopes[loop.otherwiseScope]
    try enter(otherwise, frame)
    defer { leave(otherwise, frame) }
    _ = try run(loop.otherwise, frame)
  }

  /// Runs a loop's body for each element; false once the body was run to its end, which is what the
  /// published `else` asks for.
  private func runBody(
    _ loop: TemplateLoop,
    _ state: LoopObject,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> Bool {
    let scope = program.scopes.scopes[loop.bodyScope]
    let hasLoop = program.scopes.namedLoops.contains(loop.loopID)
    var isElseDue = true
    defer { leave(scope, frame) }
    while let value = try state.advance() {
      try spend(steps: 1)
      try enter(scope, frame)
      if hasLoop { set(loop.loopID, "loop", .object(state), frame) }
      try assign(loop.target, value, frame)
      let flow = try run(loop.body, frame)
      if flow == .breakLoop { break }
      if flow == .normal { isElseDue = false }
    }
    return isElseDue
  }

  /// The elements that pass the loop's test, which is asked as late as can be.
  private func tested(
    _ loop: TemplateLoop,
    _ test: TemplateExpression,
    _ step: @escaping TemplateIterator.Step,
    _ frame: TemplateFrame
  ) throws(TemplateError) -> TemplateIterator.Step {
    let scope = program.scopes.scopes[loop.testScope]
    var isEntered = false
    return { [unowned self] () throws(TemplateError) in
      if !isEntered { try enter(scope, frame) }
      isEntered = true
      while let value = try step() {
        try spend(steps: 1)
        try assign(loop.testTarget, value, frame)
        do throws(TemplateError) { if try evaluate(test, frame).truth { return value } } catch {
          throw error.at(test.position)
        }
      }
      return nil
    }
  }
}

/// The special variable `loop`.
final class LoopObject: TemplateObject {
  private var step: TemplateIterator.Step
  private var count: Int?
  private let depthIndex: Int
  private let recursion: (loop: TemplateLoop, frame: TemplateFrame)?
  private var index = -1
  private var previous: TemplateValue?
  private var current: TemplateValue?
  private var ahead: [TemplateValue] = []
  private var isExhausted = false
  private var lastChanged: TemplateValue?

  init(
    _ step: @escaping TemplateIterator.Step,
    count: Int?,
    depth: Int,
    recursion: (loop: TemplateLoop, frame: TemplateFrame)?
  ) {
    self.step = step
    self.count = count
    depthIndex = depth
    self.recursion = recursion
  }

  override var typeName: String { "LoopContext" }
  override var describedType: String { "jinja2.runtime.LoopContext object" }
  override var isCallable: Bool { true }
  // A loop may be held by what it walks over; one level keeps such chains short.
  override var depth: Int { 1 }

  override var description: String {
    "<LoopContext \(index + 1)/\(count.map { "\($0)" } ?? "?")>"
  }

  /// Steps to the next element; nil at the end.
  func advance() throws(TemplateError) -> TemplateValue? {
    guard let next = try peek() else { return nil }
    ahead.removeFirst()
    index += 1
    previous = current
    current = next
    return next
  }

  private func peek() throws(TemplateError) -> TemplateValue? {
    if let next = ahead.first { return next }
    guard !isExhausted, let next = try step() else {
      isExhausted = true
      return nil
    }
    ahead.append(next)
    return next
  }

  private func length() throws(TemplateError) -> Int {
    if let count { return count }
    while !isExhausted {
      if let next = try step() { ahead.append(next) } else { isExhausted = true }
    }
    let count = index + 1 + ahead.count
    self.count = count
    return count
  }

  /// The attribute of a name, which may look ahead.
  func part(_ name: String) throws(TemplateError) -> TemplateValue? {
    switch name {
    case "index": return .integer(index + 1)
    case "index0": return .integer(index)
    case "first": return .boolean(index == 0)
    case "last": return .boolean(try peek() == nil)
    case "length": return .integer(try length())
    case "revindex": return .integer(try length() - index)
    case "revindex0": return .integer(try length() - index - 1)
    case "depth": return .integer(depthIndex + 1)
    case "depth0": return .integer(depthIndex)
    case "previtem":
      if index > 0, let previous { return previous }
      return .undefined(UndefinedCause("there is no previous item"))
    case "nextitem":
      return try peek() ?? .undefined(UndefinedCause("there is no next item"))
    case "cycle":
      return .object(
        FunctionObject(name, owner: typeName) { [index] arguments, _ throws(TemplateError) in
          let values = arguments.positional
          guard !values.isEmpty else {
            throw TemplateError(.type, "no items for cycling given")
          }
          return values[index % values.count]
        }
      )
    case "changed":
      return .object(
        FunctionObject(name, owner: typeName) {
          [unowned self] arguments, run throws(TemplateError) in
          let value = try TemplateValue.makeTuple(arguments.positional)
          if let lastChanged, try run.areEqual(lastChanged, value) { return .boolean(false) }
          lastChanged = value
          return .boolean(true)
        }
      )
    default: return nil
    }
  }

  override func call(
    _ arguments: CallArguments,
    _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    guard let recursion else {
      throw TemplateError(
        .type,
        "The loop must have the 'recursive' marker to be called recursively."
      )
    }
    let given = try arguments.bound("loop", ["iterable"], required: 1)
    return .text(
      try run.runRecursive(
        recursion.loop,
        over: given[0] ?? .none,
        recursion.frame,
        depth: depthIndex + 1
      )
    )
  }
}
