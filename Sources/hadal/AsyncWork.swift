// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Asynchronous work of a command, which itself waits: the main thread, that no task needs, takes
/// signals meanwhile and shows how far the work is.
enum AsyncWork {
  /// Starts work, waits for its end, and cancels it where SIGINT or SIGTERM comes.
  ///
  /// - Parameters:
  ///   - isCancelled: Whether a signal cancels the work; otherwise `tick` looks for one.
  ///   - tick: Called some hundred times a second.
  ///   - work: What is done.
  /// - Throws: What the work throws, or the parser's `ExitCode` after a signal.
  /// - Returns: What the work gave.
  static func wait<Value: Sendable>(
    isCancelled: Bool = true,
    tick: () -> Void = {},
    for work: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let outcome = Outcome<Value>()
    let task = Task.detached {
      do { outcome.set(.success(try await work())) } catch { outcome.set(.failure(error)) }
    }
    while true {
      if let result = outcome.value {
        if isCancelled, case .failure = result { try Interruption.check() }
        return try result.get()
      }
      if isCancelled, Interruption.isRequested { task.cancel() }
      tick()
      // A signal ends the sleep early.
      var pause = timespec(tv_sec: 0, tv_nsec: 10_000_000)
      unsafe nanosleep(&pause, nil)
    }
  }

  private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    var value: Result<Value, any Error>? { result.withLock { $0 } }

    func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }
  }
}
