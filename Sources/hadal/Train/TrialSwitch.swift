// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What `train verify-resume` asks of the runs that it starts.
struct TrialSwitch {
  let order: TrialOrder

  /// Reads the order that the environment holds, if any.
  static func fromEnvironment() throws -> TrialSwitch {
    // SAFETY: getenv returns a terminated string or nothing; it is copied at once.
    let text = unsafe getenv(TrialOrder.environmentVariable).map { unsafe String(cString: $0) }
    guard let order = TrialOrder(text ?? "") else { throw TrialFailure(.orderUnfit(text ?? "")) }
    return TrialSwitch(order: order)
  }

  /// Hooks that end the process at the place that was asked for, as nothing can catch it.
  func armed(_ hooks: TrainingRun.Hooks) -> TrainingRun.Hooks {
    guard let crash = order.crash else { return hooks }
    let countdown = Countdown(crash.occurrence)
    var armed = hooks
    armed.crash = { point in
      if point == crash.point, countdown.isOver() { kill(getpid(), SIGKILL) }
    }
    return armed
  }

  private final class Countdown: Sendable {
    private let rest: Atomic<Int>

    init(_ count: Int) { rest = Atomic(count) }

    func isOver() -> Bool { rest.subtract(1, ordering: .relaxed).newValue == 0 }
  }
}
