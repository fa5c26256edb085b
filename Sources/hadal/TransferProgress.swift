// SPDX-License-Identifier: Apache-2.0

import Hub
import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The bar of a pull, with rate and remaining time; shown on a terminal alone.
struct TransferProgress {
  private let capabilities = TerminalCapabilities(input: STDIN_FILENO, output: STDERR_FILENO)
  private let start = ContinuousClock.now
  private var meter = RateMeter()
  private var lastShown: Duration?

  /// Shows how far it is, at most five times a second.
  mutating func show(_ progress: PullProgress) {
    let total = progress.totalByteCount
    guard capabilities.hasCommands, total > 0 else { return }
    let time = start.duration(to: .now)
    if let lastShown, time - lastShown < .milliseconds(200) { return }
    lastShown = time
    // What an earlier pull left is hashed faster than any line brings bytes.
    meter.note(progress.fetchedByteCount, at: time)
    // Without a label: the model's name stands in the line above, and a narrow window has no room.
    let bar = ProgressBar(
      label: "",
      total: total,
      done: progress.byteCount,
      perSecond: meter.perSecond
    )
    let row = bar.text(
      width: Output.errorColumns,
      hasBlockCharacters: capabilities.hasBlockCharacters
    )
    Output.error("\r\(row)\u{1B}[K")
  }

  /// Removes the bar.
  mutating func clear() {
    if lastShown != nil { Output.error("\r\u{1B}[K") }
    lastShown = nil
  }
}
