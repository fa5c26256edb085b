// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs an actor's work, in its order, on a thread of its own.
///
/// It is for work that takes long: the threads that Swift shares among all tasks must never wait.
public final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: the thread is touched by `init` and `deinit` alone.
  private let jobs: JobQueue
  private let thread: BackgroundWork<Bool>

  /// Starts the thread.
  ///
  /// - Throws: `ComputeError` if none can be had.
  public init() throws(ComputeError) {
    let jobs = JobQueue()
    self.jobs = jobs
    thread = try BackgroundWork {
      jobs.run()
      return true
    }
  }

  // The last job may be what lets go of the executor, on its own thread, which then ends by itself.
  deinit { jobs.close() }

  /// Takes work.
  public func enqueue(_ job: consuming ExecutorJob) {
    jobs.append(WaitingJob(UnownedJob(job), on: self))
  }
}

/// A job that is to be run once.
@safe private struct WaitingJob {
  private let job: UnownedJob
  private let executor: UnownedSerialExecutor

  init(_ job: UnownedJob, on executor: ThreadExecutor) {
    self.job = job
    unsafe self.executor = executor.asUnownedSerialExecutor()
  }

  func run() {
    // SAFETY: the job's actor keeps its executor while it works.
    unsafe job.runSynchronously(on: executor)
  }
}

/// Work that waits for its thread.
@safe private final class JobQueue: @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: everything below is touched with the mutex held.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var waiting: [WaitingJob] = []
  private var isClosed = false

  init() {
    // SAFETY: both are initialized here, never moved, and freed with the queue.
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func append(_ job: WaitingJob) {
    unsafe pthread_mutex_lock(mutex)
    waiting.append(job)
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  func close() {
    unsafe pthread_mutex_lock(mutex)
    isClosed = true
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Runs what comes, until the queue is closed and empty.
  func run() {
    var jobs = next()
    while !jobs.isEmpty {
      for job in jobs { job.run() }
      jobs = next()
    }
  }

  /// Waits for work and takes all of it; nothing where there is none and the queue is closed.
  private func next() -> [WaitingJob] {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while waiting.isEmpty, !isClosed { unsafe pthread_cond_wait(condition, mutex) }
    let jobs = waiting
    waiting.removeAll(keepingCapacity: true)
    return jobs
  }
}
