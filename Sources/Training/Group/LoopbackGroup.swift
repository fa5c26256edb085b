// SPDX-License-Identifier: Apache-2.0

public import Compute
import Synchronization

/// Ranks that are threads of one process and see each other's memory.
public struct LoopbackGroup: Group {
  /// Which of the ranks this one is.
  public let rank: Int
  private let meeting: Meeting

  /// How many ranks there are.
  public var rankCount: Int { meeting.rankCount }

  /// Runs a body as each of some ranks, each on a thread of its own, and returns when all are done.
  ///
  /// - Parameters:
  ///   - rankCount: 1 to 1,024.
  ///   - body: What a rank does; it gets the group as that rank sees it.
  /// - Returns: What the ranks came to, in their order.
  /// - Throws: What the first of the ranks threw that failed by itself; the others then wait no longer.
  ///   `ComputeError` where threads cannot be had.
  public static func run<Result: Sendable>(
    rankCount: Int,
    _ body: (LoopbackGroup) throws -> Result
  ) throws -> [Result] {
    let meeting = Meeting(rankCount: rankCount)
    let outcomes = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: rankCount))
    // As many threads as chunks: one that waits for the others keeps none of them from running.
    try ThreadPool(threadCount: rankCount).run(chunkCount: rankCount) { rank, _ in
      let outcome = Swift.Result { try body(LoopbackGroup(rank: rank, meeting: meeting)) }
      outcomes.withLock { $0[rank] = outcome }
      // Whoever still waits for this rank would wait for ever.
      meeting.barrier.abandon()
    }
    let all = outcomes.withLock { $0 }.compactMap { $0 }
    let failures = all.compactMap { outcome in
      if case .failure(let error) = outcome { error } else { nil }
    }
    // Those that were left alone say so because of the one that failed.
    if let first = failures.first(where: { ($0 as? TrainingError)?.reason != .rankLost })
      ?? failures.first
    {
      throw first
    }
    return try all.map { try $0.get() }
  }

  /// Adds tensors in place: each rank adds a part of the rows of all, and gives all the sum.
  public func sum(_ tensor: Tensor, device: any Device) throws(TrainingError) {
    let tensors = try meeting.exchange(.tensor(tensor), rank: rank).compactMap(\.tensor)
    precondition(tensors.count == rankCount, "the ranks make different calls")
    let rows = rank * tensor.rowCount / rankCount..<(rank + 1) * tensor.rowCount / rankCount
    if !rows.isEmpty {
      let parts = tensors.map { $0.rows(rows) }
      // NUMERICS: neighbors first, as the slots of one rank are added.
      var distance = 1
      while distance < rankCount {
        for left in stride(from: 0, to: rankCount - distance, by: 2 * distance) {
          device.add(parts[left + distance].activations(), to: parts[left].activations())
        }
        distance *= 2
      }
      for part in parts.dropFirst() { part.copy(from: parts[0]) }
    }
    try meeting.wait()
  }

  /// Hands numbers around.
  public func gather(_ values: [Double]) throws(TrainingError) -> [[Double]] {
    let all = try meeting.exchange(.numbers(values), rank: rank).compactMap(\.numbers)
    precondition(all.count == rankCount, "the ranks make different calls")
    // Nobody brings something new before all have taken what was there.
    try meeting.wait()
    return all
  }
}

/// Where the ranks lay down what the others need.
private final class Meeting: Sendable {
  /// What a rank brings.
  enum Contribution: Sendable {
    case tensor(Tensor)
    case numbers([Double])

    var tensor: Tensor? {
      if case .tensor(let tensor) = self { tensor } else { nil }
    }

    var numbers: [Double]? {
      if case .numbers(let numbers) = self { numbers } else { nil }
    }
  }

  let rankCount: Int
  let barrier: ThreadBarrier
  private let table: Mutex<[Contribution?]>

  init(rankCount: Int) {
    self.rankCount = rankCount
    barrier = ThreadBarrier(threadCount: rankCount)
    table = Mutex(Array(repeating: nil, count: rankCount))
  }

  /// Waits for all ranks.
  func wait() throws(TrainingError) {
    guard barrier.wait() else { throw TrainingError(.rankLost) }
  }

  /// Lays down what a rank brings and, when all have, takes what all brought.
  func exchange(
    _ contribution: Contribution,
    rank: Int
  ) throws(TrainingError) -> [Contribution] {
    table.withLock { $0[rank] = contribution }
    try wait()
    return table.withLock { $0 }.compactMap { $0 }
  }
}
