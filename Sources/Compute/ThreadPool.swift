// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

/// Threads of our own that run the chunks of one operation at a time.
///
/// A chunk is a range of outputs, claimed from an atomic counter, so no result depends on who ran
/// it. Threads wait busily for 50 µs at most, then sleep. The cooperative pool of Swift must never
/// block and Dispatch ignores the process's nice value: hence own threads.
@safe public final class ThreadPool: @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: `pool` is used under the lock alone.
  private let pool: OpaquePointer?
  private let participants = Mutex(Participants())

  private struct Participants {
    var last = 1
    var most = 1
  }

  /// How many threads work, the caller's own included.
  public let threadCount: Int

  /// Starts the threads.
  ///
  /// - Parameter threadCount: 1 to 1,024; the caller's own thread is one of them.
  /// - Throws: `ComputeError` if threads or memory cannot be had.
  public init(threadCount: Int) throws(ComputeError) {
    precondition(threadCount >= 1 && threadCount <= 1024)
    self.threadCount = threadCount
    if threadCount == 1 {
      unsafe pool = nil
      return
    }
    guard let pool = unsafe hdl_pool_create(UInt32(threadCount)) else {
      // LIMIT: the usual cause is the address space of the threads' stacks, 8 MiB each.
      throw ComputeError(.outOfMemory(byteCount: threadCount << 23), place: "threads")
    }
    unsafe self.pool = pool
  }

  deinit {
    if let pool = unsafe pool { unsafe hdl_pool_destroy(pool) }
  }

  /// How many threads ran at least one chunk in the last operation.
  public var lastParticipantCount: Int { participants.withLock { $0.last } }

  /// The most threads that ever ran chunks of one operation.
  public var mostParticipantCount: Int { participants.withLock { $0.most } }

  /// Runs `body` once for each chunk and returns when all are done.
  ///
  /// Callers take turns. A body must not run another operation on the same pool.
  ///
  /// - Parameters:
  ///   - chunkCount: How many chunks there are, below 2^32.
  ///   - body: Takes the chunk, and the number of the thread that runs it, below `threadCount`.
  public func run(chunkCount: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
    withoutActuallyEscaping(body) { run(chunkCount: chunkCount, ClosureWork(body: $0)) }
  }

  /// Runs each chunk of some work once and returns when all are done; allocates nothing.
  func run<Work: ChunkedWork>(chunkCount: Int, _ work: Work) {
    guard chunkCount > 1, let pool = unsafe pool else {
      for chunk in 0..<chunkCount { work.run(chunk: chunk, worker: 0) }
      return
    }
    participants.withLock { participants in
      // SAFETY: the call returns after the last chunk, so `work` and `job` outlive every use.
      let count = unsafe withUnsafePointer(to: work) { work in
        var job = unsafe Job(work: UnsafeRawPointer(work), type: Work.self)
        return unsafe withUnsafeMutablePointer(to: &job) { job in
          unsafe hdl_pool_run(
            pool,
            UInt32(chunkCount),
            { context, chunk, worker in
              let job = unsafe context.assumingMemoryBound(to: Job.self).pointee
              unsafe job.type.run(at: job.work, chunk: Int(chunk), worker: Int(worker))
            },
            job
          )
        }
      }
      participants.last = Int(count)
      participants.most = max(participants.most, Int(count))
    }
  }

  @unsafe private struct Job {
    let work: UnsafeRawPointer
    let type: any ChunkedWork.Type
  }

  private struct ClosureWork: ChunkedWork {
    let body: (Int, Int) -> Void
    func run(chunk: Int, worker: Int) { body(chunk, worker) }
  }
}
