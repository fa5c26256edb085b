// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Foundation
import JSON

/// Times the device's operations one by one.
@main
struct KernelBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "KernelBenchmarks",
    abstract: "Times the kernels, as a share of what the machine can do.",
    discussion: """
      The last column is the share of --bandwidth or of the peak, whichever the case comes closer
      to; scripts/bench gives both as the roofline measures them. 0 leaves the share out.
      """
  )

  @Option(help: "Threads (default: the machine's cores).")
  var threads: Int?

  @Option(help: "Timed runs of each case; one more warms up.")
  var runs = 9

  @Option(help: "Only cases whose name contains this.")
  var only: String?

  @Option(help: "Read bandwidth of this many threads, GB/s.")
  var bandwidth = 0.0

  @Option(help: "BF16 peak of this many threads, GFLOP/s.")
  var bf16Peak = 0.0

  @Option(help: "FP32 peak of this many threads, GFLOP/s.")
  var f32Peak = 0.0

  @Flag(help: "One JSON object a case instead of a table.")
  var json = false

  func run() throws {
    let device = try CPUDevice(
      threadCount: threads ?? ThreadPool.coreCount,
      path: KernelPath(environment: ProcessInfo.processInfo.environment)
    )
    if !json {
      print("kernels \(device.name), \(device.pool.threadCount) threads, \(runs) runs\n")
      print("| case | µs, median | µs, least | GB/s | GFLOP/s | share |")
      print("|---|---|---|---|---|---|")
    }
    let groups: [(CPUDevice) throws -> [BenchmarkCase]] = [
      PoolBenchmarks.cases, ProductBenchmarks.cases, ExpertBenchmarks.cases,
      AttentionBenchmarks.cases,
    ]
    for group in groups {
      for benchmark in try group(device) where only.map({ benchmark.name.contains($0) }) ?? true {
        report(benchmark, benchmark.times(runs: runs))
      }
    }
  }

  private func report(_ benchmark: BenchmarkCase, _ times: [Double]) {
    let median = times[times.count / 2]
    let bytesPerSecond = Double(benchmark.byteCount) / median
    let operationsPerSecond = Double(benchmark.operationCount) / median
    let peak = benchmark.isBF16 ? bf16Peak : f32Peak
    let share = max(
      bandwidth > 0 ? bytesPerSecond / bandwidth / 1e9 : 0,
      peak > 0 ? operationsPerSecond / peak / 1e9 : 0
    )
    if json {
      print(
        JSONText.object([
          ("case", .string(benchmark.name)), ("seconds", .array(times.map(JSONText.double))),
          ("bytes", .integer(benchmark.byteCount)),
          ("operations", .integer(benchmark.operationCount)), ("share", .double(share)),
        ]).text
      )
      return
    }
    let cells = [
      benchmark.name, text(median * 1e6), text(times[0] * 1e6), text(bytesPerSecond / 1e9),
      text(operationsPerSecond / 1e9), share > 0 ? "\(Int((share * 100).rounded())) %" : "",
    ]
    print("| \(cells.joined(separator: " | ")) |")
  }

  /// Three digits that say something.
  private func text(_ value: Double) -> String {
    value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
  }
}
