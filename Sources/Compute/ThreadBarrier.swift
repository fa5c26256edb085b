// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A place where a fixed number of threads wait for each other, asleep.
@safe public final class ThreadBarrier: @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: everything below is touched with the mutex held.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private let threadCount: Int
  private var waiting = 0
  private var generation = 0
  private var isAbandoned = false

  /// Creates a barrier.
  ///
  /// - Parameter threadCount: How many threads meet, 1 or more.
  public init(threadCount: Int) {
    precondition(threadCount >= 1)
    self.threadCount = threadCount
    // SAFETY: both are initialized here, never moved, and freed with the barrier.
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

  /// Waits until all threads are here; what each wrote before is seen by all afterwards.
  ///
  /// - Returns: False where one of them will not come.
  public func wait() -> Bool {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    if isAbandoned { return false }
    let own = generation
    waiting += 1
    if waiting == threadCount {
      waiting = 0
      generation += 1
      unsafe pthread_cond_broadcast(condition)
      return true
    }
    while generation == own, !isAbandoned { unsafe pthread_cond_wait(condition, mutex) }
    return generation != own
  }

  /// Says that a thread will not come any more: those that wait, or come later, wait no longer.
  public func abandon() {
    unsafe pthread_mutex_lock(mutex)
    isAbandoned = true
    unsafe pthread_cond_broadcast(condition)
    unsafe pthread_mutex_unlock(mutex)
  }
}
