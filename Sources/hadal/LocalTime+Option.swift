// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Inference
import Tokenization

extension LocalTime {
  /// The time that an option names.
  static func parsed(_ text: String?) throws -> CalendarTime {
    guard let text else { return now }
    guard let time = CalendarTime(text) else {
      throw ValidationError("--now is '\(text)', but must be like 2026-11-21T22:30:17")
    }
    return time
  }
}
