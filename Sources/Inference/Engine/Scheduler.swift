// SPDX-License-Identifier: Apache-2.0

/// Decides which sequences share the next pass, and with how many tokens.
///
/// It knows no model, no clock and no threads: what is decided depends on what it was told alone, so that
/// a test can replay it. What it decides changes no answer (promise 2), only who waits.
///
/// - **Who begins.** Of the owners with waiting requests the one that was served least, by tokens that
///   were computed for it, an answer's twice (the virtual token counter of Sheng et al., "Fairness in
///   Serving Large Language Models", 2024, algorithm 2); an owner's requests in their order.
/// - **Memory.** A sequence is reckoned with whole blocks for all its tokens. Where they do not fit, the
///   one that began last gives its blocks back, keeps its tokens, and begins again before all others.
/// - **A pass.** A token of each sequence that decodes, and prompt tokens: as many as a pass of
///   `passSeconds` has room for while others decode, half of them for the prompt that came first, the
///   rest for those of which least is left, so that neither waits for the other.
package struct Scheduler {
  /// Tokens of a sequence in a pass.
  package struct Row: Hashable {
    package let id: Int
    package let count: Int
  }

  /// What changes before a pass.
  package struct Changes: Hashable {
    /// Those that give their blocks back.
    package var preempted: [Int] = []
    /// Those that begin, or begin again.
    package var admitted: [Int] = []
  }

  private struct Sequence {
    let id: Int
    let owner: String
    /// Prompt and answer so far.
    var tokenCount: Int
    /// The most of them in one pass, where not all that fit.
    let mostPerPass: Int?
    /// How many of them the cache holds.
    var heldCount = 0

    /// How many of so many may be in one pass.
    func limited(_ count: Int) -> Int { min(count, mostPerPass ?? count) }

    var pendingCount: Int { tokenCount - heldCount }
  }

  /// Bytes of the blocks of all that are worked on.
  package var byteCount: Int { byteCount(of: running) }

  private let limits: EngineLimits
  /// Bytes of a block of all layers, and its positions.
  private let blockByteCount: Int
  private let blockExtent: Int
  /// Those that were worked on and gave their blocks back, the first to begin first.
  private var returning: [Sequence] = []
  /// Those that have not begun, in their order.
  private var waiting: [Sequence] = []
  /// Those that are worked on, in the order in which they began.
  private var running: [Sequence] = []
  private var served: [String: Double] = [:]
  private var secondsPerPromptToken: Double?
  /// Whether the last pass failed: nobody else begins until one has not.
  private var isRecovering = false

  package init(_ limits: EngineLimits, blockByteCount: Int, blockExtent: Int) {
    self.limits = limits
    self.blockByteCount = max(blockByteCount, 1)
    self.blockExtent = blockExtent
  }

  // MARK: What it is told

  /// Whether one more may wait.
  package var hasRoom: Bool { waiting.count < limits.waitingCount }

  package var waitingCount: Int { waiting.count + returning.count }

  package var runningCount: Int { running.count }

  /// The most positions of one sequence that the caches have room for.
  package var mostPositions: Int { limits.cacheByteCount / blockByteCount * blockExtent }

  /// Takes a request; of `mostPerPass` tokens at most in one pass, where that is given.
  package mutating func submit(
    _ id: Int,
    owner: String,
    tokenCount: Int,
    mostPerPass: Int? = nil
  ) {
    if !isKnown(owner) {
      // Who was away has saved nothing up.
      let least = present.map { served[$0, default: 0] }.min() ?? 0
      served[owner] = max(served[owner, default: 0], least)
    }
    waiting.append(
      Sequence(id: id, owner: owner, tokenCount: tokenCount, mostPerPass: mostPerPass)
    )
  }

  /// Notes how many tokens a sequence's cache holds that has begun.
  package mutating func hold(_ id: Int, _ heldCount: Int) {
    guard let index = running.firstIndex(where: { $0.id == id }) else { return }
    running[index].heldCount = heldCount
  }

  /// Notes that tokens of a sequence were computed.
  package mutating func advance(_ row: Row) {
    guard let index = running.firstIndex(where: { $0.id == row.id }) else { return }
    running[index].heldCount += row.count
    served[running[index].owner, default: 0] += Double(row.count)
  }

  /// Notes that a sequence has one more token.
  package mutating func append(_ id: Int) {
    guard let index = running.firstIndex(where: { $0.id == id }) else { return }
    running[index].tokenCount += 1
    served[running[index].owner, default: 0] += 2
  }

  /// Forgets a sequence that ended.
  package mutating func remove(_ id: Int) {
    running.removeAll { $0.id == id }
    waiting.removeAll { $0.id == id }
    returning.removeAll { $0.id == id }
    // An owner without requests is forgotten when all who are here were served more.
    let least = present.map { served[$0, default: 0] }.min()
    served = served.filter { owner, count in isKnown(owner) || least.map { count > $0 } ?? false }
  }

  /// Has all but the first of some sequences, whose pass failed, give their blocks back.
  ///
  /// - Returns: Those that did; the first tries again alone, from its beginning.
  package mutating func fallBack(_ ids: [Int]) -> [Int] {
    let failed = running.map(\.id).filter(ids.contains)
    for id in failed.dropFirst().reversed() { preempt(id) }
    isRecovering = true
    if let first = failed.first { hold(first, 0) }
    return Array(failed.dropFirst())
  }

  /// Notes that a pass went well, and how long it took.
  package mutating func note(_ rows: [Row], seconds: Double) {
    isRecovering = false
    let count = rows.reduce(0) { $0 + ($1.count > 1 ? $1.count : 0) }
    guard count >= Self.leastChunk, seconds > 0 else { return }
    let measured = seconds / Double(count)
    // The mean of some passes: a machine that others use has slow moments.
    secondsPerPromptToken = secondsPerPromptToken.map { $0 + 0.25 * (measured - $0) } ?? measured
  }

  // LIMIT: fewer prompt tokens waste a pass over the weights.
  private static let leastChunk = 32

  // MARK: What it decides

  /// Makes room and lets sequences begin.
  package mutating func change() -> Changes {
    var changes = Changes()
    while running.count > 1, byteCount(of: running) > limits.cacheByteCount {
      guard let last = running.last else { break }
      changes.preempted.append(last.id)
      preempt(last.id)
    }
    // What has just given way must not come back at once and give way again.
    guard changes.preempted.isEmpty, !isRecovering || running.isEmpty else { return changes }
    let most = isRecovering ? 1 : limits.sequenceCount
    while running.count < most, let next = nextToBegin, fits(next) {
      returning.removeAll { $0.id == next.id }
      waiting.removeAll { $0.id == next.id }
      running.append(next)
      changes.admitted.append(next.id)
    }
    return changes
  }

  /// The tokens of the next pass.
  package func rows() -> [Row] {
    let decoding = running.filter { $0.pendingCount == 1 }.map { Row(id: $0.id, count: 1) }
    let prompts = running.filter { $0.pendingCount > 1 }
    guard let first = prompts.first else { return decoding }
    let rest = prompts.dropFirst().sorted {
      ($0.pendingCount, $0.id) < ($1.pendingCount, $1.id)
    }
    var budget = promptBudget(whileDecoding: !decoding.isEmpty)
    let wanted = rest.reduce(0) { $0 + $1.pendingCount }
    let share = first.limited(min(first.pendingCount, budget - min(budget / 2, wanted)))
    budget -= share
    var rows = decoding + [Row(id: first.id, count: share)]
    for sequence in rest where budget > 0 {
      let count = sequence.limited(min(sequence.pendingCount, budget))
      budget -= count
      rows.append(Row(id: sequence.id, count: count))
    }
    return rows
  }

  /// Those that wait, in the order in which they would begin if nobody else came.
  package func queue() -> [Int] {
    var counters = served
    var queues = Dictionary(grouping: waiting.enumerated(), by: \.element.owner)
      .mapValues { $0[...] }
    var order = returning.map(\.id)
    order.reserveCapacity(order.count + waiting.count)
    while true {
      let next = queues.compactMap { owner, queue in
        queue.first.map { (served: counters[owner, default: 0], place: $0.offset, owner: owner) }
      }
      .min { ($0.served, $0.place) < ($1.served, $1.place) }
      guard let owner = next?.owner, let sequence = queues[owner]?.popFirst()?.element else {
        return order
      }
      order.append(sequence.id)
      counters[owner, default: 0] += Double(sequence.tokenCount)
    }
  }

  private func promptBudget(whileDecoding: Bool) -> Int {
    guard whileDecoding else { return limits.prefillChunk }
    let fitting = secondsPerPromptToken.map { limits.passSeconds / $0 } ?? 0
    return min(max(Self.leastChunk, Int(min(fitting, 1e9))), limits.prefillChunk)
  }

  /// The one that returns first, or the first request of the owner that was served least.
  private var nextToBegin: Sequence? {
    returning.first
      ?? waiting.enumerated().min { first, second in
        let (left, right) = (
          served[first.element.owner, default: 0], served[second.element.owner, default: 0]
        )
        return (left, first.offset) < (right, second.offset)
      }?.element
  }

  /// Whether a sequence finds room, with a block to grow for each that runs.
  private func fits(_ sequence: Sequence) -> Bool {
    let needed = byteCount(of: running) + byteCount(of: [sequence])
    return running.isEmpty || needed + running.count * blockByteCount <= limits.cacheByteCount
  }

  private func byteCount(of sequences: [Sequence]) -> Int {
    sequences.reduce(0) {
      $0 + ($1.tokenCount + blockExtent - 1) / blockExtent * blockByteCount
    }
  }

  private mutating func preempt(_ id: Int) {
    guard let index = running.firstIndex(where: { $0.id == id }) else { return }
    var sequence = running.remove(at: index)
    sequence.heldCount = 0
    // The last to begin gives way first, so that those before it return before it.
    returning.insert(sequence, at: 0)
  }

  private func isKnown(_ owner: String) -> Bool { present.contains(owner) }

  private var present: Set<String> {
    Set((running + returning + waiting).map(\.owner))
  }
}
