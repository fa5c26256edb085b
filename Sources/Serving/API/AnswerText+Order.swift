// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Inference

extension AnswerText {
  /// Begins a choice, behind the text that stands before it.
  init(_ order: AnswerRun.Order) { self.init(order.prompt, echo: order.echo, calls: order.calls) }

  /// How an end is named: where the answer calls functions, whole, that is its end.
  func reason(_ finish: Completion.Finish) -> String {
    switch finish {
    case .stop where endsWithCalls: "tool_calls"
    case .stop, .loop: "stop"
    case .length: "length"
    case .cancelled: "insufficient_system_resource"
    }
  }
}
