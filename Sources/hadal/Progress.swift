// SPDX-License-Identifier: Apache-2.0

import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How far long work is, with rate and remaining time, on one line of a terminal; elsewhere nothing.
struct Progress {
  private let capabilities = TerminalCapabilities(input: STDIN_FILENO, output: STDERR_FILENO)
  private let start = ContinuousClock.now
  private var bar: ProgressBar
  private var meter = RateMeter()
  private var lastShown: Duration?

  /// Begins a line.
  ///
  /// - Parameters:
  ///   - label: What the work is; empty where the line above says it.
  ///   - unit: What is counted.
  ///   - total: How much there is, where that is known at the beginning.
  init(_ label: String = "", unit: ProgressBar.Unit = .bytes, total: Int? = nil) {
    bar = ProgressBar(label: label, unit: unit, total: total)
  }

  /// What stands before the bar.
  var label: String {
    get { bar.label }
    set { bar.label = newValue }
  }

  /// Counts one part as done.
  mutating func advance() { show(bar.done + 1) }

  /// Says how much is done, and shows it at most five times a second.
  ///
  /// - Parameters:
  ///   - done: How much in all.
  ///   - total: How much there is, where it was not said.
  ///   - measured: What of it the rate counts; without it all.
  mutating func show(_ done: Int, of total: Int? = nil, measured: Int? = nil) {
    bar.done = done
    if let total { bar.total = total }
    guard capabilities.hasCommands, bar.total.map({ $0 > 0 }) ?? true else { return }
    let time = start.duration(to: .now)
    if let lastShown, time - lastShown < .milliseconds(200) { return }
    lastShown = time
    meter.note(measured ?? done, at: time)
    bar.perSecond = meter.perSecond
    let row = bar.text(
      width: Output.errorColumns,
      hasBlockCharacters: capabilities.hasBlockCharacters
    )
    Output.error("\r\(row)\u{1B}[K")
  }

  /// Removes the line.
  mutating func clear() {
    if lastShown != nil { Output.error("\r\u{1B}[K") }
    lastShown = nil
  }
}
