// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Training

/// What keeps a trial of a run from coming to a result.
struct TrialFailure: DiagnosableError {
  enum Reason: Hashable {
    /// The folder holds a trial already.
    case trialExists
    /// A process cannot be started, or waited for.
    case cannotStart(Int32)
    /// A run ended by itself, with a code or a signal.
    case runEnded(Int32)
    /// A run came to its end, and not to the place at which it should die.
    case notKilled(String)
    /// The variable of the environment holds something else.
    case orderUnfit(String)
  }

  var reason: Reason
  var place: String?

  init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  var what: String {
    switch reason {
    case .trialExists: "the folder holds a trial already"
    case .cannotStart(let code): "the run's process cannot be started, system error \(code)"
    case .runEnded(let code) where code < 0: "the run was ended by signal \(-code)"
    case .runEnded(let code): "the run ended with exit code \(code)"
    case .notKilled(let point): "the run came to its end before it was killed \(point)"
    case .orderUnfit(let text):
      "\(TrialOrder.environmentVariable) is '\(text)', and not what verify-resume writes there"
    }
  }

  var remedy: String? {
    switch reason {
    case .trialExists: "another --out, or none"
    case .cannotStart, .notKilled: nil
    case .runEnded: "what the run itself says above"
    case .orderUnfit: "unset it"
    }
  }

  var exitCode: ExitCode {
    switch reason {
    case .trialExists: .cannotCreate
    case .cannotStart: .unavailable
    case .runEnded(let code): ExitCode(rawValue: code) ?? .internalError
    case .notKilled: .internalError
    case .orderUnfit: .configuration
    }
  }
}
