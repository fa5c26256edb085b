// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

/// Room for packed operands, handed out piece by piece.
@safe struct PackedRoom {
  private var next: UnsafeMutablePointer<CChar>

  @unsafe init(_ start: UnsafeMutablePointer<CChar>) { unsafe next = unsafe start }

  /// The next `byteCount` bytes, aligned to 64.
  @unsafe mutating func take(_ byteCount: Int) -> UnsafeMutablePointer<CChar> {
    let taken = unsafe next
    unsafe next += PackedRoom.rounded(byteCount)
    return unsafe taken
  }

  static func rounded(_ byteCount: Int) -> Int { (byteCount + 63) / 64 * 64 }
}

/// How operands are packed for a compute type.
struct Packing {
  static let panelColumns = Int(HDL_PANEL_COLUMNS)
  /// The units of depth that one unit of packing takes.
  static let unitsOfPacking = 32

  let computeType: ComputeType

  /// Rows of the contraction that one unit of depth takes.
  var rowsPerUnit: Int { computeType == .bf16 ? 2 : 1 }

  func depth(_ rowCount: Int) -> Int { (rowCount + rowsPerUnit - 1) / rowsPerUnit }

  static func panelCount(_ columnCount: Int) -> Int {
    (columnCount + panelColumns - 1) / panelColumns
  }

  /// Bytes of the panels of a matrix.
  static func byteCount(depth: Int, columnCount: Int) -> Int {
    panelCount(columnCount) * depth * panelColumns * 4
  }

  /// How many units packing a matrix into panels has.
  static func unitCount(depth: Int, columnCount: Int) -> Int {
    panelCount(columnCount) * ((depth + unitsOfPacking - 1) / unitsOfPacking)
  }
}

extension CPUDevice {
  // LIMIT: products are packed together up to this many bytes, so that all experts of a mixture need
  // not be written to memory and read again.
  private static let packedBytes = 4 << 20

  /// Computes gradients of inputs; see `DeviceDerivatives`.
  public func propagate(_ products: [InputGradient], computeType: ComputeType) {
    let packing = Packing(computeType: computeType)
    var (start, byteCount) = (0, 0)
    for (index, product) in products.enumerated() {
      precondition(product.weight.shape.count == 2)
      precondition(product.gradient.rowCount == product.target.rowCount)
      precondition(product.gradient.columnCount == product.weight.rowCount)
      precondition(product.target.columnCount == product.weight.columnCount)
      let own = packedByteCount(product, packing)
      if byteCount + own > Self.packedBytes, index > start {
        propagate(products[start..<index], packing, byteCount)
        (start, byteCount) = (index, 0)
      }
      byteCount += own
    }
    propagate(products[start...], packing, byteCount)
  }

  private func packedByteCount(_ product: InputGradient, _ packing: Packing) -> Int {
    let depth = packing.depth(product.gradient.columnCount)
    let weight = Packing.byteCount(depth: depth, columnCount: product.weight.columnCount)
    return PackedRoom.rounded(weight) + PackedRoom.rounded(product.gradient.rowCount * depth * 4)
  }

  /// Computes neighboring gradients of inputs, packed into `byteCount` bytes.
  private func propagate(
    _ products: ArraySlice<InputGradient>,
    _ packing: Packing,
    _ byteCount: Int
  ) {
    let computeType = packing.computeType
    workspace.withLock { workspace in
      var room = unsafe PackedRoom(workspace.prepared.values(byteCount, of: CChar.self))
      var panels = unsafe WorkQueue<hdl_pack>()
      var rows = unsafe WorkQueue<hdl_pack>()
      var sums = unsafe WorkQueue<hdl_sum_product>()
      for product in products where product.gradient.rowCount > 0 {
        unsafe queue(product, packing, &room, &panels, &rows, &sums)
      }
      unsafe run(panels, panelKernel(computeType), extent: 8)
      unsafe run(rows, kernels.pack_rows_bf16, extent: 16)
      unsafe run(sums, sumKernel(computeType), extent: 1)
    }
  }

  private func queue(
    _ product: InputGradient,
    _ packing: Packing,
    _ room: inout PackedRoom,
    _ panels: inout WorkQueue<hdl_pack>,
    _ rows: inout WorkQueue<hdl_pack>,
    _ sums: inout WorkQueue<hdl_sum_product>
  ) {
    let (gradient, weight) = (product.gradient, product.weight)
    let depth = packing.depth(gradient.columnCount)
    var right = unsafe hdl_pack()
    unsafe right.input = weight.pointer.assumingMemoryBound(to: CChar.self)
    unsafe right.input_stride = weight.columnCount * weight.elementType.byteCount
    unsafe right.type = weight.elementType.number
    unsafe right.row_count = weight.rowCount
    unsafe right.column_count = weight.columnCount
    let packed = unsafe packPanels(right, depth: depth, &room, &panels)
    var sum = unsafe hdl_sum_product()
    if packing.computeType == .f32 {
      unsafe sum.left = UnsafeRawPointer(gradient.pointer).assumingMemoryBound(to: CChar.self)
      unsafe sum.left_row = gradient.rowStride * 4
    } else {
      var left = unsafe hdl_pack()
      unsafe left.input = UnsafeRawPointer(gradient.pointer).assumingMemoryBound(to: CChar.self)
      unsafe left.input_stride = gradient.rowStride * 4
      unsafe left.column_count = gradient.columnCount
      unsafe left.depth = depth
      let target = unsafe room.take(gradient.rowCount * depth * 4)
      unsafe left.output = target
      unsafe rows.append(left, unitCount: gradient.rowCount)
      unsafe sum.left = UnsafePointer(target)
      unsafe sum.left_row = depth * 4
    }
    unsafe sum.left_unit = 4
    unsafe sum.left_block = Int(HDL_BLOCK) * sum.left_row
    unsafe sum.right = packed
    unsafe sum.depth = depth
    unsafe sum.row_count = gradient.rowCount
    unsafe sum.column_count = weight.columnCount
    unsafe sum.output = product.target.pointer
    unsafe sum.output_stride = product.target.rowStride
    unsafe sum.accumulates = product.accumulates ? 1 : 0
    unsafe sums.append(sum, unitCount: sumUnitCount(sum))
  }

  /// Adds gradients of weights; see `DeviceDerivatives`.
  public func accumulate(_ products: [WeightGradient], computeType: ComputeType) {
    let packing = Packing(computeType: computeType)
    var byteCount = 0
    var mapCount = 0
    for product in products {
      let depth = packing.depth(product.rows.count)
      mapCount += 2 * product.rows.count
      byteCount += PackedRoom.rounded(
        Packing.byteCount(depth: depth, columnCount: product.input.columnCount)
      )
      for output in product.outputs {
        precondition(output.target.elementType == .f32 && output.target.shape.count == 2)
        precondition(output.target.rowCount == output.gradient.columnCount)
        precondition(output.target.columnCount == product.input.columnCount)
        byteCount += PackedRoom.rounded(
          Packing.byteCount(depth: depth, columnCount: output.gradient.columnCount)
        )
      }
    }
    workspace.withLock { workspace in
      var room = unsafe PackedRoom(workspace.prepared.values(byteCount, of: CChar.self))
      var maps = unsafe workspace.lists.values(mapCount, of: Int32.self)
      var panels = unsafe WorkQueue<hdl_pack>()
      var sums = unsafe WorkQueue<hdl_sum_product>()
      for product in products where product.rows.count > 0 {
        let depth = packing.depth(product.rows.count)
        var right = unsafe source(product.input, product.rows.count)
        unsafe right.row_map = list(
          product.rows.inputRows,
          of: product.input.rowCount,
          computeType,
          &maps
        )
        let input = unsafe packPanels(right, depth: depth, &room, &panels)
        let gradientRows = unsafe list(
          product.rows.gradientRows,
          of: product.outputs.map(\.gradient.rowCount).min() ?? 0,
          computeType,
          &maps
        )
        for output in product.outputs {
          var left = unsafe source(output.gradient, product.rows.count)
          unsafe left.row_map = gradientRows
          let gradient = unsafe packPanels(left, depth: depth, &room, &panels)
          unsafe queue(gradient, input, depth: depth, output, &sums)
        }
      }
      unsafe run(panels, panelKernel(computeType), extent: 8)
      unsafe run(sums, sumKernel(computeType), extent: 1)
    }
  }

  @unsafe private func queue(
    _ gradient: UnsafePointer<CChar>,
    _ input: UnsafePointer<CChar>,
    depth: Int,
    _ output: WeightGradient.Output,
    _ sums: inout WorkQueue<hdl_sum_product>
  ) {
    let target = output.target
    var sum = unsafe hdl_sum_product()
    unsafe sum.left = gradient
    unsafe sum.left_row = 4
    unsafe sum.left_unit = Packing.panelColumns * 4
    unsafe sum.left_block = depth * Packing.panelColumns * 4
    unsafe sum.right = input
    unsafe sum.depth = depth
    unsafe sum.row_count = target.rowCount
    unsafe sum.column_count = target.columnCount
    unsafe sum.output = target.floatPointer
    unsafe sum.output_stride = target.columnCount
    unsafe sum.accumulates = 1
    unsafe sums.append(sum, unitCount: sumUnitCount(sum))
  }

  /// Rows of activations as a source of packing.
  private func source(_ view: ActivationView, _ placeCount: Int) -> hdl_pack {
    var pack = unsafe hdl_pack()
    unsafe pack.input = UnsafeRawPointer(view.pointer).assumingMemoryBound(to: CChar.self)
    unsafe pack.input_stride = view.rowStride * 4
    unsafe pack.type = Int32(HDL_F32)
    unsafe pack.row_count = placeCount
    unsafe pack.column_count = view.columnCount
    return unsafe pack
  }

  /// A list of rows where kernels can read it; nil stays nil.
  @unsafe private func list(
    _ rows: [Int32]?,
    of rowCount: Int,
    _ computeType: ComputeType,
    _ room: inout UnsafeMutablePointer<Int32>
  ) -> UnsafePointer<Int32>? {
    guard let rows else { return nil }
    precondition(rows.allSatisfy { Int($0) < rowCount })
    let start = unsafe room
    for (index, row) in rows.enumerated() { unsafe start[index] = row }
    unsafe room += rows.count
    return unsafe UnsafePointer(start)
  }

  /// Queues the packing of a matrix into panels.
  ///
  /// - Returns: Where they will be.
  @unsafe func packPanels(
    _ source: hdl_pack,
    depth: Int,
    _ room: inout PackedRoom,
    _ queue: inout WorkQueue<hdl_pack>
  ) -> UnsafePointer<CChar> {
    var pack = unsafe source
    let columnCount = unsafe pack.column_count
    let target = unsafe room.take(Packing.byteCount(depth: depth, columnCount: columnCount))
    unsafe pack.depth = depth
    unsafe pack.output = target
    unsafe pack.panel_stride = depth * Packing.panelColumns * 4
    unsafe queue.append(
      pack,
      unitCount: Packing.unitCount(depth: depth, columnCount: columnCount)
    )
    return unsafe UnsafePointer(target)
  }

  private func sumUnitCount(_ sum: hdl_sum_product) -> Int {
    let blocks = unsafe (sum.row_count + Int(HDL_BLOCK) - 1) / Int(HDL_BLOCK)
    return unsafe blocks * Packing.panelCount(sum.column_count)
  }

  func panelKernel(
    _ computeType: ComputeType
  ) -> @convention(c) (UnsafePointer<hdl_pack>, Int, Int) -> Void {
    unsafe computeType == .f32 ? kernels.pack_panels_f32 : kernels.pack_panels_bf16
  }

  private func sumKernel(
    _ computeType: ComputeType
  ) -> @convention(c) (UnsafePointer<hdl_sum_product>, Int, Int) -> Void {
    unsafe computeType == .f32 ? kernels.sum_product_f32 : kernels.sum_product_bf16
  }
}

extension Tensor {
  /// Where an F32 tensor that is written lies.
  var floatPointer: UnsafeMutablePointer<Float> {
    precondition(elementType == .f32 && byteOffset % 4 == 0 && !region.isMapped)
    // SAFETY: the bytes are the tensor's own, aligned, and not a file's.
    return unsafe (region.base + byteOffset).assumingMemoryBound(to: Float.self)
  }
}
