// SPDX-License-Identifier: Apache-2.0

/// One of several pieces of work for the same kernel.
@unsafe struct QueuedUnits<Arguments> {
  var arguments: Arguments
  /// The first of its units among those of all pieces.
  var firstUnit: Int
}

/// Room that each thread gives the kernels it runs.
@unsafe struct ThreadScratch {
  /// Where the arguments hold the pointer to it.
  var offset: Int
  var pointer: UnsafeMutablePointer<CChar>
  /// The bytes of a thread.
  var share: Int
}

/// The units of several pieces of work, in chunks of neighbors.
@safe struct QueuedWork<Arguments>: ChunkedWork {
  // Swift has no generic C function types: the kernel's own type is given up here.
  private typealias Kernel = @convention(c) (UnsafeRawPointer, Int, Int) -> Void

  private let kernel: Kernel
  private let pieces: UnsafeBufferPointer<QueuedUnits<Arguments>>
  private let unitCount: Int
  private let extent: Int
  private let scratch: ThreadScratch?

  /// Creates the work.
  ///
  /// - Parameters:
  ///   - kernel: A function of `hdl_kernels` that takes these arguments and a range of units.
  ///   - pieces: In the order of their first units; they outlive the work.
  ///   - unitCount: How many units all pieces have.
  ///   - extent: How many units a chunk has.
  ///   - scratch: Where kernels find room.
  @unsafe init<Function>(
    _ kernel: Function,
    _ pieces: UnsafeBufferPointer<QueuedUnits<Arguments>>,
    unitCount: Int,
    extent: Int,
    scratch: ThreadScratch?
  ) {
    // SAFETY: every kernel is a C function of a pointer and two sizes.
    unsafe self.kernel = unsafeBitCast(kernel, to: Kernel.self)
    unsafe self.pieces = unsafe pieces
    self.unitCount = unitCount
    self.extent = extent
    unsafe self.scratch = unsafe scratch
  }

  var chunkCount: Int { (unitCount + extent - 1) / extent }

  func run(chunk: Int, worker: Int) {
    let begin = chunk * extent
    let end = min(begin + extent, unitCount)
    // The last piece that begins at or before the chunk.
    var (index, high) = unsafe (0, pieces.count - 1)
    while index < high {
      let middle = (index + high + 1) / 2
      if unsafe pieces[middle].firstUnit <= begin { index = middle } else { high = middle - 1 }
    }
    while unsafe index < pieces.count, unsafe pieces[index].firstUnit < end {
      let first = unsafe pieces[index].firstUnit
      let next = unsafe index + 1 < pieces.count ? pieces[index + 1].firstUnit : unitCount
      var arguments = unsafe pieces[index].arguments
      unsafe withUnsafeMutableBytes(of: &arguments) { bytes in
        if let scratch = unsafe scratch {
          let own = unsafe scratch.pointer + worker * scratch.share
          unsafe bytes.storeBytes(of: own, toByteOffset: scratch.offset, as: type(of: own))
        }
        guard let start = bytes.baseAddress else { return }
        // SAFETY: the initializer's caller vouches for kernel and arguments.
        unsafe kernel(start, max(begin, first) - first, min(end, next) - first)
      }
      index += 1
    }
  }
}

/// Pieces of work for one kernel, while they are being listed.
@safe struct WorkQueue<Arguments> {
  private(set) var pieces: [QueuedUnits<Arguments>] = unsafe []
  private(set) var unitCount = 0

  init() {}

  /// Adds a piece of some units.
  @unsafe mutating func append(_ arguments: Arguments, unitCount count: Int) {
    guard count > 0 else { return }
    unsafe pieces.append(QueuedUnits(arguments: arguments, firstUnit: unitCount))
    unitCount += count
  }
}

extension CPUDevice {
  /// Runs all units of a queue.
  ///
  /// - Parameters:
  ///   - queue: The pieces.
  ///   - kernel: A function of `hdl_kernels` that takes their arguments.
  ///   - extent: How many units a chunk has.
  ///   - scratch: Where kernels find room.
  @unsafe func run<Function, Arguments>(
    _ queue: WorkQueue<Arguments>,
    _ kernel: Function,
    extent: Int,
    scratch: ThreadScratch? = nil
  ) {
    guard queue.unitCount > 0 else { return }
    unsafe queue.pieces.withUnsafeBufferPointer { pieces in
      let work = unsafe QueuedWork(
        kernel,
        pieces,
        unitCount: queue.unitCount,
        extent: extent,
        scratch: scratch
      )
      pool.run(chunkCount: work.chunkCount, work)
    }
  }
}
