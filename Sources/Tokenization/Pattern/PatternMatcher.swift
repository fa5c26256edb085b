// SPDX-License-Identifier: Apache-2.0

/// The buffers and the step count of the backtracking machine, kept between matches.
struct PatternState: Sendable {
  /// What is left to try where the present way fails.
  struct Frame {
    enum Kind: UInt8 {
      case alternative
      case greedyRun
      case lazyRun
      case restoreSlot
    }

    var kind: Kind
    /// The instruction to go on with; of a slot its index.
    var target: Int
    var position: Int
    /// The shortest end of a greedy run; how many scalars a lazy run holds.
    var bound: Int
  }

  var frames: [Frame] = []
  var slots: [Int] = []
  /// How many steps may still be taken; at 0 the text is refused.
  var stepsLeft = 0

  /// LIMIT: enough for published patterns on any text, and an end for hostile ones.
  mutating func allowSteps(forByteCount byteCount: Int) {
    stepsLeft = 1_000_000 + 200 * byteCount
  }
}

/// One match attempt of a program on a stretch of a text, which ends where the stretch ends.
struct PatternMatcher: ~Escapable {
  let program: PatternProgram
  let text: Span<UInt8>
  let bounds: Range<Int>
  let classes: UnicodeClasses

  @_lifetime(copy text)
  init(_ program: PatternProgram, _ text: Span<UInt8>, bounds: Range<Int>) {
    self.program = program
    self.text = text
    self.bounds = bounds
    self.classes = UnicodeClasses.shared
  }

  /// Returns where the match that begins at `start` ends; nil if there is none, or no steps left.
  func match(at start: Int, _ state: inout PatternState) -> Int? {
    state.frames.removeAll(keepingCapacity: true)
    state.slots = [Int](repeating: -1, count: program.slotCount)
    return run(0, start, &state)
  }

  private func run(_ start: Int, _ place: Int, _ state: inout PatternState) -> Int? {
    let base = state.frames.count
    var instruction = start
    var position = place
    while true {
      state.stepsLeft -= 1
      guard state.stepsLeft > 0 else { return nil }
      if case .accept = program.instructions[instruction] {
        state.frames.removeLast(state.frames.count - base)
        return position
      }
      if step(&instruction, &position, &state) { continue }
      guard backtrack(to: base, &instruction, &position, &state) else { return nil }
    }
  }

  /// Takes one instruction; false where it fails.
  private func step(
    _ instruction: inout Int,
    _ position: inout Int,
    _ state: inout PatternState
  ) -> Bool {
    switch program.instructions[instruction] {
    case .set(let set):
      guard let next = next(position, program.sets[set]) else { return false }
      position = next
      instruction += 1
    case .run(let set, let minimum, let maximum, let isLazy):
      return takeRun(
        set,
        minimum,
        isLazy ? minimum : maximum,
        isLazy,
        &instruction,
        &position,
        &state
      )
    case .branch(let first, let second):
      state.frames.append(.init(kind: .alternative, target: second, position: position, bound: 0))
      instruction = first
    case .jump(let target):
      instruction = target
    case .lookahead(let isNegated, let end):
      guard (run(instruction + 1, position, &state) == nil) == isNegated else { return false }
      instruction = end
    case .atomic(let end):
      guard let next = run(instruction + 1, position, &state) else { return false }
      position = next
      instruction = end
    case .mark(let slot):
      state.frames.append(
        .init(kind: .restoreSlot, target: slot, position: state.slots[slot], bound: 0)
      )
      state.slots[slot] = position
      instruction += 1
    case .leaveIfEmpty(let slot, let exit):
      instruction = state.slots[slot] == position ? exit : instruction + 1
    case .anchor(let anchor):
      guard holds(anchor, at: position) else { return false }
      instruction += 1
    case .accept:
      return true
    }
    return true
  }

  private func takeRun(
    _ set: Int,
    _ minimum: Int,
    _ maximum: Int,
    _ isLazy: Bool,
    _ instruction: inout Int,
    _ position: inout Int,
    _ state: inout PatternState
  ) -> Bool {
    let members = program.sets[set]
    var count = 0
    var end = position
    var shortest = position
    while count < maximum, let next = next(end, members) {
      end = next
      count += 1
      if count <= minimum { shortest = end }
    }
    state.stepsLeft -= count / 8
    guard count >= minimum else { return false }
    if isLazy {
      state.frames.append(
        .init(kind: .lazyRun, target: instruction, position: end, bound: count)
      )
    } else if end > shortest {
      state.frames.append(
        .init(kind: .greedyRun, target: instruction + 1, position: end, bound: shortest)
      )
    }
    position = end
    instruction += 1
    return true
  }

  /// Takes the latest frame that still leads somewhere; false if none above `base` does.
  private func backtrack(
    to base: Int,
    _ instruction: inout Int,
    _ position: inout Int,
    _ state: inout PatternState
  ) -> Bool {
    while state.frames.count > base, var frame = state.frames.popLast() {
      switch frame.kind {
      case .restoreSlot:
        state.slots[frame.target] = frame.position
      case .alternative:
        (instruction, position) = (frame.target, frame.position)
        return true
      case .greedyRun:
        frame.position -= 1
        while text[frame.position] & 0xC0 == 0x80 { frame.position -= 1 }
        (instruction, position) = (frame.target, frame.position)
        if frame.position > frame.bound { state.frames.append(frame) }
        return true
      case .lazyRun:
        guard case .run(let set, _, let maximum, _) = program.instructions[frame.target],
          frame.bound < maximum, let next = next(frame.position, program.sets[set])
        else { continue }
        frame.position = next
        frame.bound += 1
        state.frames.append(frame)
        (instruction, position) = (frame.target + 1, next)
        return true
      }
    }
    return false
  }

  private func next(_ position: Int, _ set: CharacterSet) -> Int? {
    guard position < bounds.upperBound else { return nil }
    let scalar = text.scalar(at: position)
    return set.contains(scalar.value, classes) ? position + scalar.length : nil
  }

  private func holds(_ anchor: PatternNode.Anchor, at position: Int) -> Bool {
    let end = bounds.upperBound
    switch anchor {
    case .textStart: return position == bounds.lowerBound
    case .textEnd: return position == end
    case .lineStart:
      // After the text's last line feed there is no line.
      return position == bounds.lowerBound || (position < end && text[position - 1] == 0x0A)
    case .lineEnd: return position == end || text[position] == 0x0A
    case .lastLineEnd:
      return position == end || (position == end - 1 && text[position] == 0x0A)
    }
  }
}
