// SPDX-License-Identifier: Apache-2.0

import Compute

/// What it costs to set the threads to work.
enum PoolBenchmarks {
  static func cases(_ device: CPUDevice) -> [BenchmarkCase] {
    [2, 8, 64].map { chunkCount in
      BenchmarkCase(name: "empty region of \(chunkCount) chunks") {
        device.pool.run(chunkCount: chunkCount) { _, _ in }
      }
    }
  }
}
