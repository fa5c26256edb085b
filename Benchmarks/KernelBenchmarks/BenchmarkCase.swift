// SPDX-License-Identifier: Apache-2.0

/// One operation on one shape.
struct BenchmarkCase {
  var name: String
  /// Bytes of weights and caches that one run reads.
  var byteCount = 0
  /// Multiplications and additions of one run.
  var operationCount = 0
  /// Whether the peak that belongs to it is BF16's.
  var isBF16 = true
  var run: () -> Void

  /// Seconds of each run, ascending.
  ///
  /// What takes less than 2 ms is run several times in a row and divided.
  func times(runs: Int) -> [Double] {
    run()
    let once = seconds(repetitions: 1)
    let repetitions = max(1, Int(0.002 / max(once, 1e-7)))
    return (0..<max(runs, 1)).map { _ in seconds(repetitions: repetitions) }.sorted()
  }

  private func seconds(repetitions: Int) -> Double {
    let start = ContinuousClock.now
    for _ in 0..<repetitions { run() }
    let elapsed = start.duration(to: .now)
    return elapsed / .seconds(1) / Double(repetitions)
  }
}
