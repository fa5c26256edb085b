// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

/// Work on a thread of its own, beside what its caller does meanwhile.
///
/// It is for what waits for a disk: the cooperative pool of Swift must never block, and the threads of a
/// `ThreadPool` are busy.
@safe public final class BackgroundWork<Value: Sendable> {
  private var thread: OpaquePointer?
  private let outcome: Outcome

  private final class Outcome: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// Starts the work.
  ///
  /// - Parameter body: What is done.
  /// - Throws: `ComputeError` if a thread cannot be had.
  public init(_ body: @escaping @Sendable () -> Value) throws(ComputeError) {
    let outcome = Outcome()
    self.outcome = outcome
    let job = BackgroundJob {
      let value = body()
      outcome.value.withLock { $0 = value }
    }
    let context = unsafe Unmanaged.passRetained(job)
    // SAFETY: the thread takes the one reference that `context` holds, and releases it.
    let thread = unsafe hdl_thread_start(
      { unsafe Unmanaged<BackgroundJob>.fromOpaque($0).takeRetainedValue().body() },
      context.toOpaque()
    )
    unsafe self.thread = thread
    guard unsafe thread != nil else {
      unsafe context.release()
      // LIMIT: the usual cause is the address space of the thread's stack, 8 MiB.
      throw ComputeError(.outOfMemory(byteCount: 8 << 20), place: "threads")
    }
  }

  deinit { join() }

  /// Waits for the work's end.
  ///
  /// - Returns: What it gave, the same each time.
  public func wait() -> Value {
    join()
    guard let value = outcome.value.withLock({ $0 }) else {
      preconditionFailure("a thread that was joined has ended")
    }
    return value
  }

  private func join() {
    guard let thread = unsafe thread else { return }
    unsafe hdl_thread_join(thread)
    unsafe self.thread = nil
  }
}

/// What a thread is started with.
private final class BackgroundJob: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
