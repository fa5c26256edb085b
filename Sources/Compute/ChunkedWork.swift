// SPDX-License-Identifier: Apache-2.0

/// The work of one operation, in chunks that any thread may run.
///
/// A value instead of a closure: a closure that crosses to the pool's threads is allocated each time.
protocol ChunkedWork {
  /// Runs one chunk.
  ///
  /// - Parameters:
  ///   - chunk: Which.
  ///   - worker: The number of the thread that runs it.
  func run(chunk: Int, worker: Int)
}

extension ChunkedWork {
  /// Runs a chunk of the work that lies at an address.
  static func run(at address: UnsafeRawPointer, chunk: Int, worker: Int) {
    // SAFETY: `ThreadPool.run` passes the address of a value of this type that outlives the call.
    unsafe address.assumingMemoryBound(to: Self.self).pointee.run(chunk: chunk, worker: worker)
  }
}

/// A kernel over a range of outputs, in chunks of neighbors.
@safe struct KernelWork: ChunkedWork {
  // Swift has no generic C function types: the kernel's own type is given up here.
  private typealias Kernel = @convention(c) (UnsafeRawPointer, Int, Int) -> Void

  private let kernel: Kernel
  private let arguments: UnsafeRawPointer
  private let step: Int
  private let count: Int
  private let extent: Int

  /// Creates the work.
  ///
  /// - Parameters:
  ///   - kernel: A function of `hdl_kernels` that takes these arguments and a range of outputs.
  ///   - arguments: Outlive the work; one a thread where `isPerThread`.
  ///   - isPerThread: Whether each thread has its own.
  ///   - count: How many outputs there are.
  ///   - extent: How many of them a chunk has.
  @unsafe init<Function, Arguments>(
    _ kernel: Function,
    _ arguments: UnsafePointer<Arguments>,
    isPerThread: Bool = false,
    count: Int,
    extent: Int
  ) {
    // SAFETY: both are C functions of a pointer and two sizes.
    unsafe self.kernel = unsafeBitCast(kernel, to: Kernel.self)
    unsafe self.arguments = UnsafeRawPointer(arguments)
    step = isPerThread ? MemoryLayout<Arguments>.stride : 0
    self.count = count
    self.extent = extent
  }

  var chunkCount: Int { (count + extent - 1) / extent }

  func run(chunk: Int, worker: Int) {
    let begin = chunk * extent
    // SAFETY: the initializer's caller vouches for kernel and arguments.
    unsafe kernel(arguments + worker * step, begin, min(begin + extent, count))
  }
}
