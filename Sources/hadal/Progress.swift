// SPDX-License-Identifier: Apache-2.0

/// How far long work is, shown on one line of a terminal.
struct Progress {
  private let label: String
  private let total: Int
  private var done = 0
  private var last: ContinuousClock.Instant?

  init(_ label: String, total: Int) {
    self.label = label
    self.total = total
  }

  /// Counts one part as done, and shows it at most five times a second.
  mutating func advance() { show(done + 1) }

  /// Says how much is done, and shows it at most five times a second.
  mutating func show(_ done: Int) {
    self.done = done
    guard Output.errorIsTerminal else { return }
    let now = ContinuousClock.now
    if let last, last.duration(to: now) < .milliseconds(200) { return }
    last = now
    Output.error("\r\(label): \(done) of \(total)")
  }

  /// Removes the line.
  mutating func clear() {
    if last != nil { Output.error("\r\u{1B}[K") }
    last = nil
  }
}
