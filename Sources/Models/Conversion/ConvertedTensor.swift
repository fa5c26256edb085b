// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute

/// What becomes of one tensor of a checkpoint.
struct ConvertedTensor {
  /// How its numbers change.
  private enum Change {
    case keep
    case quantize
    case round
    case dequantize(scales: Tensor)
  }

  // LIMIT: bytes of the source, or of the result, that are worked on at once; small enough for any
  // machine, large enough for any disk.
  private static let partByteCount = 32 << 20

  private let name: String
  private let source: Tensor
  private let file: String?
  private let change: Change

  /// What becomes of all tensors; scales go with the tensors that they belong to.
  static func all(
    of folder: CheckpointFolder,
    _ plan: TensorPlan,
    target: CheckpointConversion.Target
  ) -> [ConvertedTensor] {
    let planned = Dictionary(plan.tensors.map { ($0.name, $0) }) { first, _ in first }
    let scaleNames = Set(plan.tensors.filter(\.mayBeBlockQuantized).map(\.scaleName))
    let leavesOutHead = leavesOutHead(of: folder)
    return folder.names.compactMap { name in
      guard let tensor = folder.tensor(name) else { return nil }
      if leavesOutHead, name == TensorNames.head { return nil }
      if target == .bf16, scaleNames.contains(name) { return nil }
      return ConvertedTensor(
        name: name,
        source: tensor,
        file: folder.file(of: name),
        change: planned[name].map { change(of: $0, tensor, folder, target: target) } ?? .keep
      )
    }
  }

  private static func change(
    of planned: PlannedTensor,
    _ tensor: Tensor,
    _ folder: CheckpointFolder,
    target: CheckpointConversion.Target
  ) -> Change {
    switch (target, tensor.elementType) {
    case (.fp8, .f32), (.fp8, .f16), (.fp8, .bf16):
      planned.mayBeBlockQuantized ? .quantize : .keep
    case (.bf16, .f32), (.bf16, .f16): planned.isMatrixOfProducts ? .round : .keep
    case (.bf16, .f8e4m3):
      folder.tensor(planned.scaleName).map { .dequantize(scales: $0) } ?? .keep
    default: .keep
    }
  }

  /// Whether the head shares its numbers with the embedding, as a pickle can and safetensors cannot:
  /// there it is tied by not being stored.
  static func leavesOutHead(of folder: CheckpointFolder) -> Bool {
    guard let head = folder.tensor(TensorNames.head),
      let embedding = folder.tensor(TensorNames.embedding)
    else { return false }
    return head.region === embedding.region && head.byteOffset == embedding.byteOffset
  }

  /// The names that the result has: the tensor's, and its scales' where it gets any.
  var names: [String] { [name] + (scaleShape == nil ? [] : [scaleName]) }

  /// The shape of the scales that it gets; nil where it gets none.
  private var scaleShape: [Int]? {
    if case .quantize = change { return source.shape.map(WeightMatrix.blockCount) }
    return nil
  }

  private var scaleName: String { name + "_scale_inv" }

  private var elementType: ElementType {
    switch change {
    case .keep: source.elementType
    case .quantize: .f8e4m3
    case .round, .dequantize: .bf16
    }
  }

  /// How many rows are worked on at once: whole blocks, where there are any.
  private var rowsPerPart: Int {
    let width = max(source.elementType.byteCount, elementType.byteCount)
    let rowCount = Self.partByteCount / max(source.columnCount * width, 1)
    switch change {
    case .keep, .round: return max(rowCount, 1)
    case .quantize, .dequantize:
      return max(rowCount / WeightMatrix.blockExtent, 1) * WeightMatrix.blockExtent
    }
  }
}

// How much there is to do.
extension ConvertedTensor {
  /// Bytes of the result, scales included.
  var byteCount: Int {
    source.count * elementType.byteCount + (scaleShape.map { $0.reduce(4, *) } ?? 0)
  }

  /// Bytes that are read before the result's file can be begun.
  var preparedByteCount: Int { scaleShape == nil ? 0 : source.byteCount }

  /// The most bytes that are in memory for a part: of the source, and of what is made of it.
  var partByteCount: Int {
    var width = source.elementType.byteCount
    if case .keep = change {} else { width += elementType.byteCount }
    return min(rowsPerPart, source.rowCount) * source.columnCount * width
  }

  /// Bytes that are in memory until the result's file is written: scales.
  var heldByteCount: Int {
    switch change {
    case .keep, .round: 0
    case .quantize: scaleShape.map { $0.reduce(4, *) } ?? 0
    case .dequantize(let scales): scales.count * 4
    }
  }

  /// Bytes that are in memory from beginning to end: a pickle's transposed tensors.
  var copiedByteCount: Int { source.region.isMapped ? 0 : source.byteCount }
}

// Doing it.
extension ConvertedTensor {
  /// Adds the result to a file; computes its scales, where it gets any.
  ///
  /// - Throws: `ModelError` where scales are wanted and a number of the tensor is not finite.
  func add(to writer: inout SafetensorsWriter) throws(ModelError) {
    switch change {
    case .keep: addRows(to: &writer) { (rows) throws(ComputeError) in source.rows(rows) }
    case .quantize:
      let scales = try makeScales()
      writer.add(scaleName, scales)
      addRows(to: &writer) { (rows) throws(ComputeError) in
        defer { source.rows(rows).releasePages() }
        return try source.quantized(rows, scales: scales)
      }
    case .round:
      addRows(to: &writer) { (rows) throws(ComputeError) in
        defer { source.rows(rows).releasePages() }
        return try source.roundedToBF16(rows)
      }
    case .dequantize(let stored):
      let scales = try widened(stored)
      addRows(to: &writer) { (rows) throws(ComputeError) in
        let part = source.rows(rows)
        defer { part.releasePages() }
        // A part begins with a block, so its scales begin with a row of theirs.
        let first = rows.lowerBound / WeightMatrix.blockExtent
        let partScales = scales.rows(first..<first + WeightMatrix.blockCount(rows.count))
        return try part.dequantized(scales: partScales, elementType: .bf16)
      }
    }
  }

  private func addRows(
    to writer: inout SafetensorsWriter,
    _ make: @escaping (Range<Int>) throws(ComputeError) -> Tensor
  ) {
    let (file, name) = (file ?? "", name)
    writer.add(
      name,
      elementType,
      shape: source.shape,
      rowsPerPart: rowsPerPart
    ) { (rows) throws(CheckpointError) in
      do throws(ComputeError) { return try make(rows) } catch {
        throw CheckpointError(.system(error), file: file, tensor: name)
      }
    }
  }

  private func makeScales() throws(ModelError) -> Tensor {
    var scales: [Float] = []
    for start in stride(from: 0, to: source.rowCount, by: rowsPerPart) {
      let part = source.rows(start..<min(start + rowsPerPart, source.rowCount))
      if let index = part.firstNonFiniteIndex {
        let value = part.float(at: index).isNaN ? "NaN" : "infinity"
        throw ModelError(
          .nonFiniteWeight(index: start * source.columnCount + index, value: value),
          file: file,
          tensor: name
        )
      }
      scales += part.blockScales()
      part.releasePages()
    }
    do throws(ComputeError) {
      return try Tensor(scales, shape: source.shape.map(WeightMatrix.blockCount))
    } catch { throw ModelError(error) }
  }

  /// Scales as F32; powers of two (E8M0) are widened.
  private func widened(_ scales: Tensor) throws(ModelError) -> Tensor {
    if scales.elementType == .f32 { return scales }
    do throws(ComputeError) { return try Tensor(scales.floats, shape: scales.shape) } catch {
      throw ModelError(error)
    }
  }
}

extension PlannedTensor {
  /// Whether products take it, or it is the embedding table: what `bf16` stores as BF16.
  ///
  /// What is computed in FP32 (norms, router, selection bias) and biases stay as they are.
  fileprivate var isMatrixOfProducts: Bool {
    guard shape.count > 1 else { return false }
    return switch role {
    case .norm, .router, .selectionBias: false
    default: true
    }
  }
}
