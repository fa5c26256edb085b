// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

/// The device that computes with C kernels on the processor's cores.
///
/// Operations of several callers take turns.
@safe public final class CPUDevice: Device, @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: the kernel table never changes, and everything
  // else that changes lies under the lock of `workspace` or of the pool.
  let kernels: hdl_kernels
  let workspace = Mutex(Workspace())
  /// The kernel path in use.
  public let path: KernelPath
  /// The threads that compute.
  public let pool: ThreadPool

  /// Creates a device.
  ///
  /// - Parameters:
  ///   - threadCount: 1 to 1,024.
  ///   - path: An available path.
  /// - Throws: `ComputeError` if the processor lacks the path or threads cannot be had.
  public init(threadCount: Int, path: KernelPath = .best) throws(ComputeError) {
    guard KernelPath.available.contains(path) else {
      let available = KernelPath.available.map(\.rawValue)
      throw ComputeError(.kernelPathUnavailable(path.rawValue, available: available))
    }
    self.path = path
    unsafe kernels = hdl_kernels_of(path.number).pointee
    pool = try ThreadPool(threadCount: threadCount)
  }

  /// The name of the kernel path.
  public var name: String { path.rawValue }

  /// Runs a kernel over `count` outputs in chunks of neighbors.
  ///
  /// - Parameters:
  ///   - kernel: A function of `hdl_kernels` that takes these arguments.
  ///   - arguments: What it takes.
  ///   - count: How many outputs (rows, heads, spans) there are.
  ///   - cost: What one of them takes, in elements.
  @unsafe func run<Function, Arguments>(
    _ kernel: Function,
    _ arguments: Arguments,
    count: Int,
    cost: Int
  ) {
    unsafe withUnsafePointer(to: arguments) { arguments in
      let extent = chunkExtent(count: count, cost: cost)
      let work = unsafe KernelWork(kernel, arguments, count: count, extent: extent)
      pool.run(chunkCount: work.chunkCount, work)
    }
  }

  /// How many of `count` outputs one chunk has.
  func chunkExtent(count: Int, cost: Int) -> Int {
    // LIMIT: below some 16,000 elements a chunk takes less time than waking a thread for it.
    max(1, min(count, 16_384 / max(cost, 1)))
  }
}

extension ElementType {
  /// What the C side calls it.
  var number: Int32 {
    switch self {
    case .f32: Int32(HDL_F32)
    case .f16: Int32(HDL_F16)
    case .bf16: Int32(HDL_BF16)
    case .f8e4m3: Int32(HDL_E4M3)
    default: fatalError("a tensor of type \(self) is multiplied")
    }
  }
}
