// SPDX-License-Identifier: Apache-2.0

import Compute
import FoundationEssentials

/// What the system says of itself.
enum MachineFacts {
  /// The processor's name as the system gives it.
  static var processorName: String {
    let lines = SystemFile.text("/proc/cpuinfo")?.split(separator: "\n") ?? []
    for line in lines where line.hasPrefix("model name") {
      return line.split(separator: ":").last.map { String($0.drop { $0 == " " }) } ?? "unknown"
    }
    return "unknown"
  }

  /// What computes, as rows of the ledger name it: the processor, its threads and the kernel path.
  static func device(threadCount: Int, _ kernels: String) -> String {
    "\(processorName), \(threadCount) threads, \(kernels)"
  }
}

extension KernelPath {
  /// The path that `HADAL_KERNELS` forces, else the best of this processor.
  ///
  /// - Throws: `ComputeError` for a path that is unknown or that the processor lacks.
  static func chosen() throws(ComputeError) -> KernelPath {
    try KernelPath(environment: ProcessInfo.processInfo.environment)
  }
}
