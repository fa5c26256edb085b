// SPDX-License-Identifier: Apache-2.0

/// One rendering of a template: its variables, its text so far, what it has spent.
final class TemplateRun {
  let program: TemplateProgram
  let time: CalendarTime
  private let variables: [String: TemplateValue]
  private let budget: TemplateBudget
  /// The text that is being written; captures swap it.
  var output = OriginText()
  /// Whether output is escaped, as inside an `autoescape` block.
  var isEscaping = false
  /// What the top of the template has set, for its blocks.
  var exports: [String: TemplateValue] = [:]
  /// The frames and namespaces that something may hold in a ring, let go of at the end.
  private var heldFrames: [TemplateFrame] = []
  private var namespaces: [NamespaceObject] = []

  init(
    _ program: TemplateProgram,
    _ variables: [String: TemplateValue],
    inputScalars: Int,
    time: CalendarTime
  ) {
    self.program = program
    self.variables = variables
    self.time = time
    budget = TemplateBudget(inputScalars: inputScalars)
  }

  /// Runs the template and returns its text.
  func render() throws(TemplateError) -> OriginText {
    let frame = TemplateFrame(slotCount: program.scopes.slotCounts[0], parent: nil)
    hold(frame)
    defer { letGo() }
    setSelf(0, frame)
    try enter(program.scopes.root, frame)
    _ = try run(program.body, frame)
    return output
  }

  // MARK: What it costs

  @inline(__always)
  func spend(steps: Int) throws(TemplateError) { try budget.spend(steps: steps) }

  /// Counts scalars that are built.
  @inline(__always)
  func spend(scalars: Int) throws(TemplateError) { try budget.spend(scalars: scalars) }

  /// Counts scalars that are looked at.
  @inline(__always)
  func spend(scanned: Int) throws(TemplateError) { try budget.spend(steps: scanned >> 5) }

  /// Counts elements of lists that are built: one takes as much memory as eight scalars.
  func spend(elements: Int) throws(TemplateError) {
    try budget.spend(scalars: Self.product(elements, 8))
  }

  @inline(__always)
  func enter() throws(TemplateError) { try budget.enter() }

  @inline(__always)
  func leave() { budget.leave() }

  // MARK: What it holds

  func hold(_ frame: TemplateFrame) {
    if heldFrames.last !== frame { heldFrames.append(frame) }
  }

  func makeNamespace() -> NamespaceObject {
    let namespace = NamespaceObject()
    namespaces.append(namespace)
    return namespace
  }

  private func letGo() {
    for frame in heldFrames { frame.slots = [] }
    for namespace in namespaces { namespace.clear() }
    exports = [:]
  }

  // MARK: Names

  /// The value of a name that no scope binds.
  func lookup(_ name: String) -> TemplateValue? {
    exports[name] ?? variables[name] ?? TemplateGlobals.value(name)
  }

  func setSelf(_ function: Int, _ frame: TemplateFrame) {
    if let slot = program.scopes.selfSlots[function] {
      frame.slots[slot] = .object(SelfObject(program))
    }
  }

  /// Gives the variables of a scope what they hold at its start.
  func enter(_ scope: TemplateScopes.Scope, _ frame: TemplateFrame) throws(TemplateError) {
    for (index, load) in scope.loads {
      switch load {
      case .parameter: break
      case .lookup(let name): frame.slots[index] = lookup(name)
      case .copy(let slot): frame.slots[index] = value(slot, frame)
      case .missing: frame.slots[index] = nil
      }
    }
  }

  /// Forgets the variables of a scope.
  func leave(_ scope: TemplateScopes.Scope, _ frame: TemplateFrame) {
    guard !frame.slots.isEmpty else { return }
    for (index, _) in scope.loads { frame.slots[index] = nil }
  }

  @inline(__always)
  func value(_ slot: TemplateScopes.Slot, _ frame: TemplateFrame) -> TemplateValue? {
    var frame = frame
    for _ in 0..<slot.hops {
      guard let parent = frame.parent else { return nil }
      frame = parent
    }
    // A frame that was let go of has no slots.
    return slot.index < frame.slots.count ? frame.slots[slot.index] : nil
  }

  func set(_ id: Int, _ name: String, _ value: TemplateValue, _ frame: TemplateFrame) {
    frame.slots[program.scopes.slots[id].index] = value
    if program.scopes.exported.contains(id) { exports[name] = value }
  }
}

/// The variables of one call of a function, all its scopes together.
final class TemplateFrame {
  var slots: [TemplateValue?]
  let parent: TemplateFrame?

  init(slotCount: Int, parent: TemplateFrame?) {
    slots = [TemplateValue?](repeating: nil, count: slotCount)
    self.parent = parent
  }
}
