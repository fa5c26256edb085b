// SPDX-License-Identifier: Apache-2.0

import Compute
import Glibc
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 5, 16])
  func `every chunk runs exactly once`(threadCount: Int) throws {
    let pool = try ThreadPool(threadCount: threadCount)
    for chunkCount in [0, 1, 2, 7, 1000] {
      let counts = Mutex([Int](repeating: 0, count: chunkCount))
      pool.run(chunkCount: chunkCount) { chunk, worker in
        counts.withLock { $0[chunk] += 1 }
        #expect(worker >= 0 && worker < threadCount)
      }
      #expect(counts.withLock { $0 } == [Int](repeating: 1, count: chunkCount))
    }
  }

  @Test func `many short operations in a row lose no chunk`() throws {
    let pool = try ThreadPool(threadCount: 4)
    let sum = Atomic(0)
    for _ in 0..<20_000 {
      pool.run(chunkCount: 5) { chunk, _ in sum.add(chunk, ordering: .relaxed) }
    }
    #expect(sum.load(ordering: .relaxed) == 20_000 * 10)
  }

  @Test func `callers of one pool take turns`() async throws {
    let pool = try ThreadPool(threadCount: 3)
    let counter = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<200 {
            pool.run(chunkCount: 4) { chunk, _ in counter.add(chunk) }
          }
        }
      }
    }
    #expect(counter.sum == 8 * 200 * 6)
  }

  @Test func `at least two workers run`() throws {
    let pool = try ThreadPool(threadCount: 2)
    // Each of two chunks waits until the other has started, which takes two threads.
    let started = Atomic(0)
    pool.run(chunkCount: 2) { _, _ in
      started.add(1, ordering: .sequentiallyConsistent)
      while started.load(ordering: .sequentiallyConsistent) < 2 { sched_yield() }
    }
    #expect(pool.lastParticipantCount == 2)
    #expect(pool.mostParticipantCount == 2)
  }

  @Test func `a large product runs on at least two workers`() throws {
    var samples = Samples(seed: 1, flavor: .ordinary)
    let device = try CPUDevice(threadCount: 2)
    let weight = WeightMatrix(try samples.tensor(.f32, [2048, 512]))
    let input = try samples.view(rows: 16, columns: 512)
    let output = try blankView(rows: 16, columns: 2048)
    // On a busy machine one thread may take every chunk of an operation; not of a hundred.
    for _ in 0..<100 where device.pool.mostParticipantCount < 2 {
      device.multiply(input, by: weight, into: output, computeType: .f32)
    }
    #expect(device.pool.mostParticipantCount == 2)
  }
}

private final class Counter: Sendable {
  private let state = Mutex(0)
  var sum: Int { state.withLock { $0 } }
  func add(_ value: Int) { state.withLock { $0 += value } }
}

/// Run in a process of its own, where no other test uses the processor.
@Suite struct IdleThreadTests {
  @Test func `idle threads sleep`() async {
    await #expect(processExitsWith: .success) {
      let pool = try ThreadPool(threadCount: 8)
      pool.run(chunkCount: 64) { _, _ in }
      // The threads wait busily for 50 µs and then sleep: of 200 ms they may use a small part.
      usleep(20_000)
      let before = clock()
      usleep(200_000)
      let used = Double(clock() - before) / Double(CLOCKS_PER_SEC)
      exit(used < 0.02 ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }
}
