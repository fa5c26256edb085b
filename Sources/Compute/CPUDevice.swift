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
  ///   - count: How many outputs (rows, heads, spans) there are.
  ///   - cost: What one of them takes, in elements.
  ///   - body: Takes a range of outputs and the number of its thread.
  func forEachRange(
    of count: Int,
    cost: Int,
    _ body: (_ range: Range<Int>, _ worker: Int) -> Void
  ) {
    // LIMIT: below some 16,000 elements a chunk takes less time than waking a thread for it.
    let extent = max(1, min(count, 16_384 / max(cost, 1)))
    let chunkCount = (count + extent - 1) / extent
    pool.run(chunkCount: chunkCount) { chunk, worker in
      body(chunk * extent..<min((chunk + 1) * extent, count), worker)
    }
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
