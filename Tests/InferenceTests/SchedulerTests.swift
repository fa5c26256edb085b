// SPDX-License-Identifier: Apache-2.0

import Inference
import TestSupport
import Testing

/// The scheduler by itself, in a world of its own: requests come, go and grow as a seed says, and a clock
/// goes as fast as its tokens cost.
@Suite struct SchedulerTests {
  /// A request of the world.
  private struct Request {
    let owner: String
    var tokenCount: Int
    var heldCount = 0
    var answerLeft: Int
    var hasBegun = false
  }

  private static func limits(_ sequences: Int, blocks: Int, chunk: Int = 128) -> EngineLimits {
    EngineLimits(
      sequenceCount: sequences,
      cacheByteCount: blocks * 100,
      waitingCount: 1000,
      prefillChunk: chunk,
      passSeconds: 0.5
    )
  }

  /// A world with a scheduler.
  private struct World {
    var scheduler: Scheduler
    var requests: [Int: Request] = [:]
    var begun: [Int] = []
    var passes = 0
    var seconds = 0.0
    var preemptionCount = 0
    let limits: EngineLimits

    init(_ limits: EngineLimits) {
      self.limits = limits
      scheduler = Scheduler(limits, blockByteCount: 100, blockExtent: 64)
    }

    mutating func submit(_ id: Int, owner: String, prompt: Int, answer: Int) {
      requests[id] = Request(owner: owner, tokenCount: prompt, answerLeft: answer)
      scheduler.submit(id, owner: owner, tokenCount: prompt)
    }

    mutating func cancel(_ id: Int) {
      requests[id] = nil
      scheduler.remove(id)
    }

    /// A pass, and what must hold in each.
    mutating func pass(fails: Bool = false, _ comment: Comment) -> [Scheduler.Row] {
      let changes = scheduler.change()
      for id in changes.preempted { requests[id]?.heldCount = 0 }
      preemptionCount += changes.preempted.count
      for id in changes.admitted where requests[id]?.hasBegun == false {
        requests[id]?.hasBegun = true
        begun.append(id)
      }
      let rows = scheduler.rows()
      #expect(scheduler.runningCount <= limits.sequenceCount, comment)
      #expect(
        scheduler.byteCount <= limits.cacheByteCount || scheduler.runningCount == 1,
        comment
      )
      #expect(!rows.isEmpty || requests.isEmpty, comment)
      #expect(Set(rows.map(\.id)).count == rows.count, comment)
      check(rows, comment)
      guard !fails else {
        _ = scheduler.fallBack(rows.map(\.id))
        for row in rows { requests[row.id]?.heldCount = 0 }
        return rows
      }
      finish(rows)
      return rows
    }

    private func check(_ rows: [Scheduler.Row], _ comment: Comment) {
      var promptTokens = 0
      for row in rows {
        guard let request = requests[row.id] else {
          Issue.record("row of nobody, \(comment)")
          continue
        }
        let pending = request.tokenCount - request.heldCount
        #expect(request.hasBegun && (1...pending).contains(row.count), comment)
        if pending > 1 { promptTokens += row.count }
      }
      #expect(promptTokens <= limits.prefillChunk, comment)
    }

    private mutating func finish(_ rows: [Scheduler.Row]) {
      let cost = rows.reduce(0.01) { $0 + Double($1.count) * 0.004 }
      seconds += cost
      passes += 1
      scheduler.note(rows, seconds: cost)
      for row in rows {
        scheduler.advance(row)
        guard var request = requests[row.id] else { continue }
        request.heldCount += row.count
        if request.heldCount == request.tokenCount {
          request.tokenCount += 1
          request.answerLeft -= 1
          scheduler.append(row.id)
        }
        requests[row.id] = request
        if request.answerLeft == 0 { cancel(row.id) }
      }
    }
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `whatever comes and goes, every request ends and no limit is passed`(_ seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let blocks = Int.random(in: 12...60, using: &generator)
    let sequences = Int.random(in: 1...12, using: &generator)
    var world = World(Self.limits(sequences, blocks: blocks))
    var last = 0
    // LIMIT: far more passes than so much work can take.
    for step in 0..<100_000 {
      if step < 400, Int.random(in: 0..<4, using: &generator) == 0 {
        last += 1
        world.submit(
          last,
          owner: "owner \(Int.random(in: 0..<4, using: &generator))",
          prompt: Int.random(in: 1...400, using: &generator),
          answer: Int.random(in: 1...200, using: &generator)
        )
      }
      if Int.random(in: 0..<40, using: &generator) == 0,
        let id = world.requests.keys.sorted().randomElement(using: &generator)
      {
        world.cancel(id)
      }
      let fails = step < 2000 && Int.random(in: 0..<50, using: &generator) == 0
      _ = world.pass(fails: fails, "seed \(seed), step \(step)")
      if step > 400, world.requests.isEmpty { break }
    }
    #expect(world.requests.isEmpty, "seed \(seed)")
    #expect(world.scheduler.waitingCount == 0 && world.scheduler.runningCount == 0)
    // Who comes first of an owner begins first.
    #expect(world.begun.count == Set(world.begun).count)
  }

  @Test func `sequences give way where memory ends, and lose no token`() {
    var world = World(Self.limits(8, blocks: 16))
    for id in 1...8 { world.submit(id, owner: "a", prompt: 100, answer: 400) }
    for step in 0..<20_000 where !world.requests.isEmpty { _ = world.pass("step \(step)") }
    #expect(world.requests.isEmpty && world.preemptionCount > 0)
    #expect(world.begun == Array(1...8))
  }

  @Test func `whoever decodes has a token in every pass while a long prompt is read`() {
    var world = World(Self.limits(8, blocks: 1000, chunk: 512))
    for id in 1...7 { world.submit(id, owner: "a", prompt: 8, answer: 1000) }
    for step in 0..<10 { _ = world.pass("step \(step)") }
    world.submit(8, owner: "b", prompt: 4096, answer: 10)
    var (start, longest, count) = (world.seconds, 0.0, 0)
    while world.requests[8].map({ $0.heldCount < 4096 }) ?? false {
      let rows = world.pass("reading")
      #expect(Set(rows.map(\.id)).isSuperset(of: 1...7))
      longest = max(longest, world.seconds - start)
      start = world.seconds
      count += 1
    }
    // 0.5 s are wanted; what the others cost is no part of the budget.
    #expect(longest < 0.6 && count > 4096 / 512, "\(longest), \(count)")
  }

  @Test func `a short prompt does not wait for a long one, nor the long one for many short ones`() {
    var world = World(Self.limits(16, blocks: 1000))
    world.submit(1, owner: "a", prompt: 4096, answer: 1)
    _ = world.pass("first")
    world.submit(2, owner: "a", prompt: 30, answer: 1)
    _ = world.pass("second")
    #expect(world.requests[2] == nil && world.requests[1] != nil)
    for id in 3..<400 {
      world.submit(id, owner: "a", prompt: 60, answer: 1)
      _ = world.pass("\(id)")
    }
    // Half of each pass, 64 tokens, was the long one's.
    #expect(world.requests[1] == nil)
  }

  @Test func `an owner with many requests leaves the others their share`() {
    var world = World(Self.limits(2, blocks: 1000))
    for id in 1...50 { world.submit(id, owner: "many", prompt: 50, answer: 20) }
    for step in 0..<40 { _ = world.pass("step \(step)") }
    for id in 51...54 { world.submit(id, owner: "few", prompt: 50, answer: 20) }
    #expect((world.scheduler.queue().firstIndex(of: 51) ?? 9) <= 1)
    let before = world.begun.count
    for step in 0..<400 where world.requests[54] != nil { _ = world.pass("step \(step)") }
    let since = world.begun[before...]
    #expect(since.filter { $0 > 50 } == [51, 52, 53, 54])
    #expect(since.filter { $0 <= 50 }.count <= 6, "\(since)")
  }

  @Test func `who was away has saved nothing up`() {
    var world = World(Self.limits(1, blocks: 1000))
    for id in 1...30 { world.submit(id, owner: "a", prompt: 50, answer: 20) }
    for step in 0..<300 { _ = world.pass("step \(step)") }
    for id in 31...60 { world.submit(id, owner: "b", prompt: 50, answer: 20) }
    let before = world.begun.count
    for step in 0..<400 { _ = world.pass("step \(step)") }
    let since = world.begun[before...]
    let (first, second) = (since.filter { $0 <= 30 }.count, since.filter { $0 > 30 }.count)
    #expect(abs(first - second) <= 1, "\(since)")
  }

  @Test func `the place in the queue is that in which requests begin`() {
    var world = World(Self.limits(1, blocks: 1000))
    for id in 1...20 { world.submit(id, owner: "owner \(id % 3)", prompt: 10 * id, answer: 3) }
    _ = world.pass("first")
    let queue = world.scheduler.queue()
    #expect(queue.count == 19)
    // Three owners in turn, each with its own in their order.
    for owner in 0..<3 {
      let own = queue.filter { $0 % 3 == owner }
      #expect(own == own.sorted())
    }
    #expect(Set(queue.prefix(3).map { $0 % 3 }).count > 1)
    _ = world.pass("second")
    while world.requests[world.begun[0]] != nil { _ = world.pass("until one ends") }
    _ = world.pass("next")
    #expect(world.begun[1] == queue[0])
  }
}
