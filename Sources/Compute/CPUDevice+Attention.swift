// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

/// One sequence's part of an attention operation.
@unsafe private struct AttentionUnits {
  var arguments: hdl_attention
  /// The first of its units among those of all sequences.
  var firstUnit: Int
}

/// Units of attention over some sequences, the last first: its queries see the most keys, and taken
/// first they let no thread end late.
@safe private struct AttentionWork: ChunkedWork {
  let kernel: @convention(c) (UnsafePointer<hdl_attention>, Int, Int) -> Void
  let units: UnsafePointer<AttentionUnits>
  let sequenceCount: Int
  let unitCount: Int
  let scratch: UnsafeMutablePointer<CChar>
  let scratchShare: Int

  func run(chunk: Int, worker: Int) {
    let unit = unitCount - 1 - chunk
    var sequence = sequenceCount - 1
    while unsafe units[sequence].firstUnit > unit { sequence -= 1 }
    var arguments = unsafe units[sequence].arguments
    unsafe arguments.scratch = scratch + worker * scratchShare
    let own = unsafe unit - units[sequence].firstUnit
    unsafe kernel(&arguments, own, own + 1)
  }
}

/// The merging of what spans of keys left, a head of a sequence each.
@safe private struct MergingWork: ChunkedWork {
  let kernel: @convention(c) (UnsafePointer<hdl_attention>, Int, Int) -> Void
  let units: UnsafePointer<AttentionUnits>
  let headCount: Int

  func run(chunk: Int, worker: Int) {
    let head = chunk % headCount
    var arguments = unsafe units[chunk / headCount].arguments
    unsafe kernel(&arguments, head, head + 1)
  }
}

/// Where keys and values lie in a cache's blocks.
struct BlockLayout {
  var keyHeadCount: Int
  var keyWidth: Int
  var valueWidth: Int
  var headByteCount: Int
  var valueByteOffset: Int
  var rowByteCount: Int
  var elementType: ElementType

  init(_ cache: KeyValueCache) {
    keyHeadCount = cache.headCount
    keyWidth = cache.headDimension
    valueWidth = cache.headDimension
    headByteCount = cache.headByteCount
    valueByteOffset = cache.valueByteOffset
    rowByteCount = cache.headDimension * cache.elementType.byteCount
    elementType = cache.elementType
  }

  init(_ cache: LatentCache) {
    keyHeadCount = 1
    keyWidth = cache.width
    valueWidth = cache.latentRank
    headByteCount = 0
    valueByteOffset = 0
    rowByteCount = cache.width * cache.elementType.byteCount
    elementType = cache.elementType
  }
}

/// How an attention operation is cut into units; no bit depends on it.
private struct TilePlan {
  /// The most queries of one key/value head that are walked together: they share the keys they read.
  let tile: Int
  /// Whether each span of keys is a unit of its own: with one query a sequence and few heads, threads
  /// would otherwise read the same keys, or wait.
  let splitsSpans: Bool
  /// How many numbers a unit leaves.
  let partialExtent: Int
  /// How many numbers all units leave.
  private(set) var partialCount = 0

  private let keyHeadCount: Int
  private let groupCount: Int

  init<Cache: LayerCache>(
    _ sequences: [AttentionRows<Cache>],
    _ headCount: Int,
    _ layout: BlockLayout,
    threadCount: Int
  ) {
    keyHeadCount = layout.keyHeadCount
    groupCount = headCount / layout.keyHeadCount
    let widest = min(Int(HDL_QUERY_TILE), groupCount)
    let wideUnits = sequences.count * keyHeadCount * ((groupCount + widest - 1) / widest)
    splitsSpans =
      wideUnits < 2 * threadCount
      && sequences.allSatisfy { $0.rows.count == 1 && $0.firstPosition >= Int(HDL_SPAN) }
    let rowCount = sequences.reduce(0) { $0 + $1.rows.count }
    // With few queries, rather use every thread than share keys.
    tile =
      splitsSpans
      ? widest : max(1, min(Int(HDL_QUERY_TILE), rowCount * headCount / threadCount))
    partialExtent = splitsSpans ? tile * (layout.valueWidth + 2) : 0
    for sequence in sequences {
      partialCount +=
        partialExtent * unitCount(sequence.rows.count, firstPosition: sequence.firstPosition)
    }
  }

  /// How many units a sequence has.
  func unitCount(_ rowCount: Int, firstPosition: Int) -> Int {
    let tiles = keyHeadCount * ((rowCount * groupCount + tile - 1) / tile)
    return splitsSpans ? tiles * (firstPosition / Int(HDL_SPAN) + 1) : tiles
  }
}

extension CPUDevice {
  /// Attends causally over a cache; see `Device`.
  public func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<KeyValueCache>],
    scale: Float,
    into output: ActivationView,
    statistics: ActivationView?
  ) {
    guard let cache = sequences.first?.cache else { return }
    let layout = BlockLayout(cache)
    attend(queries, headCount, sequences, scale, output, statistics, layout, storage: \.storage)
  }

  /// Attends causally over a cache; see `Device`.
  public func attend(
    _ queries: ActivationView,
    headCount: Int,
    sequences: [AttentionRows<LatentCache>],
    scale: Float,
    into output: ActivationView,
    statistics: ActivationView?
  ) {
    guard let cache = sequences.first?.cache else { return }
    let layout = BlockLayout(cache)
    attend(queries, headCount, sequences, scale, output, statistics, layout, storage: \.storage)
  }

  private func attend<Cache: LayerCache>(
    _ queries: ActivationView,
    _ headCount: Int,
    _ sequences: [AttentionRows<Cache>],
    _ scale: Float,
    _ output: ActivationView,
    _ statistics: ActivationView?,
    _ layout: BlockLayout,
    storage: (Cache) -> CacheBlocks
  ) {
    precondition(headCount % layout.keyHeadCount == 0)
    precondition(queries.columnCount == headCount * layout.keyWidth)
    precondition(output.columnCount == headCount * layout.valueWidth)
    precondition(statistics.map { $0.columnCount == 2 * headCount } ?? true)
    workspace.withLock { workspace in
      let plan = TilePlan(sequences, headCount, layout, threadCount: pool.threadCount)
      let blockCount = sequences.reduce(0) { $0 + storage($1.cache).blocks.count }
      var list = unsafe workspace.lists.values(blockCount, of: UnsafePointer<CChar>.self)
      let units = unsafe workspace.arguments.values(sequences.count, of: AttentionUnits.self)
      var partials = unsafe workspace.partials.values(plan.partialCount, of: Float.self)
      var unitCount = 0
      for (index, sequence) in sequences.enumerated() {
        precondition(sequence.rows.lowerBound >= 0 && sequence.rows.upperBound <= queries.rowCount)
        precondition(sequence.rows.upperBound <= output.rowCount && sequence.firstPosition >= 0)
        precondition(
          sequence.firstPosition + sequence.rows.count <= sequence.cache.positionCount
        )
        let blocks = storage(sequence.cache).blocks
        for (index, block) in blocks.enumerated() {
          unsafe list[index] = UnsafeRawPointer(block.base).assumingMemoryBound(to: CChar.self)
        }
        let tile = plan.tile
        var arguments = unsafe arguments(layout, headCount: headCount, scale: scale, tile: tile)
        unsafe arguments.blocks = UnsafePointer(list)
        unsafe arguments.queries = UnsafePointer(
          queries.pointer + sequence.rows.lowerBound * queries.rowStride
        )
        unsafe arguments.query_stride = queries.rowStride
        unsafe arguments.output = output.pointer + sequence.rows.lowerBound * output.rowStride
        unsafe arguments.output_stride = output.rowStride
        unsafe arguments.row_count = sequence.rows.count
        unsafe arguments.first_position = sequence.firstPosition
        if plan.splitsSpans { unsafe arguments.partials = partials }
        if let statistics {
          precondition(!plan.splitsSpans && sequence.rows.upperBound <= statistics.rowCount)
          unsafe arguments.statistics =
            statistics.pointer + sequence.rows.lowerBound * statistics.rowStride
          unsafe arguments.statistics_stride = statistics.rowStride
        }
        unsafe units[index] = AttentionUnits(arguments: arguments, firstUnit: unitCount)
        let count = plan.unitCount(sequence.rows.count, firstPosition: sequence.firstPosition)
        unsafe partials += count * plan.partialExtent
        unitCount += count
        unsafe list += blocks.count
      }
      unsafe run(units, sequences.count, unitCount, layout, in: &workspace)
      guard plan.splitsSpans else { return }
      let merging = unsafe MergingWork(
        kernel: kernels.merge_partials,
        units: units,
        headCount: headCount
      )
      pool.run(chunkCount: sequences.count * headCount, merging)
    }
  }

  private func arguments(
    _ layout: BlockLayout,
    headCount: Int,
    scale: Float,
    tile: Int
  ) -> hdl_attention {
    var arguments = unsafe hdl_attention()
    unsafe arguments.query_tile = tile
    unsafe arguments.head_count = headCount
    unsafe arguments.key_head_count = layout.keyHeadCount
    unsafe arguments.head_bytes = layout.headByteCount
    unsafe arguments.value_offset = layout.valueByteOffset
    unsafe arguments.key_stride = layout.rowByteCount
    unsafe arguments.value_stride = layout.rowByteCount
    unsafe arguments.key_width = layout.keyWidth
    unsafe arguments.value_width = layout.valueWidth
    unsafe arguments.scale = scale
    return unsafe arguments
  }

  private func run(
    _ units: UnsafeMutablePointer<AttentionUnits>,
    _ sequenceCount: Int,
    _ unitCount: Int,
    _ layout: BlockLayout,
    in workspace: inout Workspace
  ) {
    let kernel = unsafe layout.elementType == .f32 ? kernels.attend_f32 : kernels.attend_bf16
    let share = (hdl_attention_scratch(layout.keyWidth, layout.valueWidth) + 63) / 64 * 64
    let scratch = unsafe workspace.threads.values(share * pool.threadCount, of: CChar.self)
    let work = unsafe AttentionWork(
      kernel: kernel,
      units: units,
      sequenceCount: sequenceCount,
      unitCount: unitCount,
      scratch: scratch,
      scratchShare: share
    )
    pool.run(chunkCount: unitCount, work)
  }
}
