// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

/// One sequence and one key/value head of an attention's derivative.
@unsafe private struct AttentionPiece {
  var arguments: hdl_attention_gradient
  var blockCount: Int
  /// The number of the key/value head.
  var keyHead: Int
  /// The first of the sequence's rows.
  var firstRow: Int
}

extension CPUDevice {
  /// Computes the gradients of attention; see `DeviceDerivatives`.
  public func attentionGradient(_ attention: AttentionGradient<KeyValueCache>) {
    guard let cache = attention.sequences.first?.cache else { return }
    let layout = BlockLayout(cache)
    run(attention, layout, storage: \.storage)
  }

  /// Computes the gradients of attention; see `DeviceDerivatives`.
  public func attentionGradient(_ attention: AttentionGradient<LatentCache>) {
    guard let cache = attention.sequences.first?.cache else { return }
    let layout = BlockLayout(cache)
    run(attention, layout, storage: \.storage)
  }

  private func run<Cache: LayerCache>(
    _ attention: AttentionGradient<Cache>,
    _ layout: BlockLayout,
    storage: (Cache) -> CacheBlocks
  ) {
    check(attention, layout)
    clear(attention.keyGradient)
    clear(attention.valueGradient)
    let blockCount = attention.sequences.reduce(0) { $0 + storage($1.cache).blocks.count }
    var list: [UnsafePointer<CChar>] = unsafe []
    unsafe list.reserveCapacity(blockCount)
    for sequence in attention.sequences {
      for block in storage(sequence.cache).blocks {
        unsafe list.append(UnsafeRawPointer(block.base).assumingMemoryBound(to: CChar.self))
      }
    }
    unsafe list.withUnsafeBufferPointer { list in
      guard var blocks = list.baseAddress else { return }
      var pieces: [AttentionPiece] = unsafe []
      for sequence in attention.sequences where !sequence.rows.isEmpty {
        precondition(sequence.firstPosition == 0)
        precondition(sequence.rows.count == sequence.cache.positionCount)
        for keyHead in 0..<layout.keyHeadCount {
          unsafe pieces.append(piece(attention, layout, sequence.rows, keyHead, blocks))
        }
        unsafe blocks += storage(sequence.cache).blocks.count
      }
      unsafe run(pieces, attention, layout)
    }
  }

  private func check<Cache: LayerCache>(
    _ attention: AttentionGradient<Cache>,
    _ layout: BlockLayout
  ) {
    let (heads, keyHeads) = (attention.headCount, layout.keyHeadCount)
    precondition(heads % keyHeads == 0)
    for view in [attention.queries, attention.queryGradient] {
      precondition(view.columnCount == heads * layout.keyWidth)
    }
    for view in [attention.outputs, attention.gradient] {
      precondition(view.columnCount == heads * layout.valueWidth)
    }
    precondition(attention.keys.columnCount == keyHeads * layout.keyWidth)
    precondition(attention.keyGradient.columnCount == keyHeads * layout.keyWidth)
    precondition(attention.valueGradient.columnCount == keyHeads * layout.valueWidth)
    precondition(attention.statistics.columnCount == 2 * heads)
    let views = [
      attention.queries, attention.queryGradient, attention.outputs, attention.gradient,
      attention.keys, attention.keyGradient, attention.valueGradient, attention.statistics,
    ]
    for sequence in attention.sequences {
      precondition(views.allSatisfy { sequence.rows.upperBound <= $0.rowCount })
    }
  }

  /// The arguments of one sequence and key/value head, without room and without a choice of heads.
  @unsafe private func piece<Cache: LayerCache>(
    _ attention: AttentionGradient<Cache>,
    _ layout: BlockLayout,
    _ rows: Range<Int>,
    _ keyHead: Int,
    _ blocks: UnsafePointer<UnsafePointer<CChar>>
  ) -> AttentionPiece {
    let packing = Packing(computeType: layout.elementType == .f32 ? .f32 : .bf16)
    let blockCount = (rows.count + Int(HDL_BLOCK) - 1) / Int(HDL_BLOCK)
    var arguments = unsafe hdl_attention_gradient()
    unsafe arguments.row_count = rows.count
    unsafe arguments.key_width = layout.keyWidth
    unsafe arguments.value_width = layout.valueWidth
    unsafe arguments.scale = attention.scale
    unsafe arguments.depth = packing.depth(blockCount * Int(HDL_BLOCK))
    unsafe arguments.blocks = blocks
    unsafe arguments.head_offset = keyHead * layout.headByteCount
    unsafe arguments.value_offset = layout.valueByteOffset
    unsafe arguments.key_stride = layout.rowByteCount
    unsafe arguments.value_stride = layout.rowByteCount
    let (keys, values) = (attention.keyGradient, attention.valueGradient)
    unsafe arguments.key_gradients =
      keys.pointer + rows.lowerBound * keys.rowStride + keyHead * layout.keyWidth
    unsafe arguments.key_gradient_stride = keys.rowStride
    unsafe arguments.value_gradients =
      values.pointer + rows.lowerBound * values.rowStride + keyHead * layout.valueWidth
    unsafe arguments.value_gradient_stride = values.rowStride
    return unsafe AttentionPiece(
      arguments: arguments,
      blockCount: blockCount,
      keyHead: keyHead,
      firstRow: rows.lowerBound
    )
  }

  /// Runs all pieces, some query heads of each at a time.
  @unsafe private func run<Cache: LayerCache>(
    _ pieces: [AttentionPiece],
    _ attention: AttentionGradient<Cache>,
    _ layout: BlockLayout
  ) {
    let groupCount = attention.headCount / layout.keyHeadCount
    let headByteCount = unsafe pieces.reduce(0) { unsafe $0 + 2 * probabilityByteCount($1) }
    // LIMIT: probabilities of all pairs of positions are kept at once for as many heads as fit into
    // 64 MiB, at least one.
    let step = max(1, min(groupCount, (64 << 20) / max(headByteCount, 1)))
    for first in stride(from: 0, to: groupCount, by: step) {
      let heads = first..<min(first + step, groupCount)
      workspace.withLock { workspace in
        unsafe run(pieces, heads, attention, layout, &workspace)
      }
    }
  }

  @unsafe private func probabilityByteCount(_ piece: AttentionPiece) -> Int {
    unsafe piece.blockCount * piece.arguments.depth * Packing.panelColumns * 4
  }

  /// Runs some query heads of each key/value head: packs, then queries' gradients, then keys' and
  /// values'.
  @unsafe private func run<Cache: LayerCache>(
    _ pieces: [AttentionPiece],
    _ heads: Range<Int>,
    _ attention: AttentionGradient<Cache>,
    _ layout: BlockLayout,
    _ workspace: inout Workspace
  ) {
    let computeType: ComputeType = layout.elementType == .f32 ? .f32 : .bf16
    var byteCount = 0
    for index in unsafe pieces.indices {
      let piece = unsafe pieces[index]
      let depth = unsafe piece.arguments.depth
      let keys = Packing.byteCount(depth: depth, columnCount: layout.keyWidth)
      let values = Packing.byteCount(depth: depth, columnCount: layout.valueWidth)
      byteCount += keys + heads.count * (keys + values)
      unsafe byteCount += 2 * heads.count * probabilityByteCount(piece)
    }
    var room = unsafe PackedRoom(workspace.prepared.values(byteCount, of: CChar.self))
    var packs = unsafe WorkQueue<hdl_pack>()
    var scores = unsafe WorkQueue<hdl_attention_gradient>()
    var keys = unsafe WorkQueue<hdl_attention_gradient>()
    let groupCount = attention.headCount / layout.keyHeadCount
    for index in unsafe pieces.indices {
      let piece = unsafe pieces[index]
      let head = unsafe piece.keyHead * groupCount + heads.lowerBound
      var arguments = unsafe piece.arguments
      unsafe arguments.head_count = heads.count
      unsafe point(&arguments, at: attention, layout, row: piece.firstRow, head: head)
      let row = unsafe piece.firstRow
      unsafe arguments.packed_keys = pack(
        attention.keys,
        row: row,
        columns: piece.keyHead * layout.keyWidth..<(piece.keyHead + 1) * layout.keyWidth,
        arguments,
        &room,
        &packs
      )
      for place in 0..<heads.count {
        let own = head + place
        let queries = unsafe pack(
          attention.queries,
          row: row,
          columns: own * layout.keyWidth..<(own + 1) * layout.keyWidth,
          arguments,
          &room,
          &packs
        )
        if place == 0 { unsafe arguments.packed_queries = queries }
      }
      for place in 0..<heads.count {
        let own = head + place
        let gradients = unsafe pack(
          attention.gradient,
          row: row,
          columns: own * layout.valueWidth..<(own + 1) * layout.valueWidth,
          arguments,
          &room,
          &packs
        )
        if place == 0 { unsafe arguments.packed_gradients = gradients }
      }
      let extent = unsafe probabilityByteCount(piece)
      unsafe arguments.head_bytes = extent
      unsafe arguments.probabilities = room.take(heads.count * extent)
      unsafe arguments.score_gradients = room.take(heads.count * extent)
      unsafe scores.append(arguments, unitCount: heads.count * piece.blockCount)
      unsafe keys.append(arguments, unitCount: piece.blockCount)
    }
    let share = PackedRoom.rounded(hdl_gradient_scratch(layout.keyWidth, layout.valueWidth))
    let scratch = unsafe workspace.threads.values(share * pool.threadCount, of: CChar.self)
    let isPlain = computeType == .f32
    unsafe run(packs, panelKernel(computeType), extent: 8)
    let place = unsafe MemoryLayout<hdl_attention_gradient>.offset(of: \.scratch)
    unsafe run(
      scores,
      isPlain ? kernels.score_gradients_f32 : kernels.score_gradients_bf16,
      extent: 1,
      scratch: place.map { unsafe ThreadScratch(offset: $0, pointer: scratch, share: share) }
    )
    unsafe run(
      keys,
      isPlain ? kernels.key_gradients_f32 : kernels.key_gradients_bf16,
      extent: 1
    )
  }

  /// Sets the pointers to rows of a piece's first query head.
  @unsafe private func point<Cache: LayerCache>(
    _ arguments: inout hdl_attention_gradient,
    at attention: AttentionGradient<Cache>,
    _ layout: BlockLayout,
    row: Int,
    head: Int
  ) {
    let (queries, gradient) = (attention.queries, attention.gradient)
    let (outputs, statistics) = (attention.outputs, attention.statistics)
    let target = attention.queryGradient
    let (key, value) = (head * layout.keyWidth, head * layout.valueWidth)
    unsafe arguments.queries = UnsafePointer(queries.pointer + row * queries.rowStride + key)
    unsafe arguments.query_stride = queries.rowStride
    unsafe arguments.gradients = UnsafePointer(gradient.pointer + row * gradient.rowStride + value)
    unsafe arguments.gradient_stride = gradient.rowStride
    unsafe arguments.outputs = UnsafePointer(outputs.pointer + row * outputs.rowStride + value)
    unsafe arguments.output_stride = outputs.rowStride
    unsafe arguments.statistics = UnsafePointer(
      statistics.pointer + row * statistics.rowStride + 2 * head
    )
    unsafe arguments.statistics_stride = statistics.rowStride
    unsafe arguments.query_gradients = target.pointer + row * target.rowStride + key
    unsafe arguments.query_gradient_stride = target.rowStride
    let depth = unsafe arguments.depth
    unsafe arguments.packed_query_bytes = Packing.byteCount(
      depth: depth,
      columnCount: layout.keyWidth
    )
    unsafe arguments.packed_gradient_bytes = Packing.byteCount(
      depth: depth,
      columnCount: layout.valueWidth
    )
  }

  /// Queues the packing of some columns of a sequence's rows, padded to whole blocks.
  @unsafe private func pack(
    _ view: ActivationView,
    row: Int,
    columns: Range<Int>,
    _ arguments: hdl_attention_gradient,
    _ room: inout PackedRoom,
    _ queue: inout WorkQueue<hdl_pack>
  ) -> UnsafePointer<CChar> {
    var pack = unsafe hdl_pack()
    let start = unsafe view.pointer + row * view.rowStride + columns.lowerBound
    unsafe pack.input = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
    unsafe pack.input_stride = view.rowStride * 4
    unsafe pack.type = Int32(HDL_F32)
    unsafe pack.row_count = arguments.row_count
    unsafe pack.column_count = columns.count
    return unsafe packPanels(pack, depth: arguments.depth, &room, &queue)
  }
}
