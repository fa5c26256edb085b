// SPDX-License-Identifier: Apache-2.0

/// FP32 values of a forward pass, row-major, made once and used again for every pass.
@safe public final class Activations: @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: within a forward pass each operation writes its
  // output alone and its threads write disjoint parts; a pass belongs to one caller at a time.
  let base: UnsafeMutablePointer<Float>
  private let region: MemoryRegion
  /// The most rows it can hold.
  public let rowCapacity: Int
  /// How many values a row has.
  public let columnCount: Int

  /// Allocates zeros.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  public init(rowCapacity: Int, columnCount: Int) throws(ComputeError) {
    region = try MemoryRegion(zeroed: rowCapacity * columnCount * 4)
    // SAFETY: the region is owned, aligned to 64 and large enough.
    unsafe base = region.base.bindMemory(to: Float.self, capacity: rowCapacity * columnCount)
    self.rowCapacity = rowCapacity
    self.columnCount = columnCount
  }

  /// Takes the numbers of an F32 tensor that is not a file's, as they lie.
  fileprivate init(_ tensor: Tensor, columnCount: Int) {
    region = tensor.region
    unsafe base = tensor.floatPointer
    rowCapacity = tensor.count / columnCount
    self.columnCount = columnCount
  }

  /// How many bytes it takes.
  public var byteCount: Int { region.byteCount }

  /// The whole buffer taken as another rectangle, from its start.
  ///
  /// - Precondition: The rectangle fits.
  public func view(rowCount: Int, columnCount: Int) -> ActivationView {
    ActivationView(
      buffer: self,
      offset: 0,
      rowCount: rowCount,
      columnCount: columnCount,
      rowStride: columnCount
    )
  }

  /// The first `rowCount` rows, all columns.
  ///
  /// - Precondition: `rowCount` is at most the capacity.
  public func rows(_ rowCount: Int) -> ActivationView {
    ActivationView(
      buffer: self,
      offset: 0,
      rowCount: rowCount,
      columnCount: columnCount,
      rowStride: columnCount
    )
  }
}

/// A rectangle of activations: rows at a fixed distance, some columns of each.
///
/// The heads of a projection are a view too: `[tokens · heads, headDimension]`.
public struct ActivationView: Sendable {
  let buffer: Activations
  let offset: Int
  /// How many rows it has.
  public let rowCount: Int
  /// How many values of each row belong to it.
  public let columnCount: Int
  /// The distance between the starts of two rows, in values.
  public let rowStride: Int

  init(buffer: Activations, offset: Int, rowCount: Int, columnCount: Int, rowStride: Int) {
    let end = rowCount == 0 ? 0 : offset + (rowCount - 1) * rowStride + columnCount
    precondition(offset >= 0 && end <= buffer.rowCapacity * buffer.columnCount)
    self.buffer = buffer
    self.offset = offset
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rowStride = rowStride
  }

  var pointer: UnsafeMutablePointer<Float> { unsafe buffer.base + offset }

  /// Some columns of every row.
  ///
  /// - Precondition: The range lies within the columns.
  public func columns(_ range: Range<Int>) -> ActivationView {
    precondition(range.lowerBound >= 0 && range.upperBound <= columnCount)
    return ActivationView(
      buffer: buffer,
      offset: offset + range.lowerBound,
      rowCount: rowCount,
      columnCount: range.count,
      rowStride: rowStride
    )
  }

  /// Some of the rows.
  ///
  /// - Precondition: The range lies within the rows.
  public func rows(_ range: Range<Int>) -> ActivationView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
    return ActivationView(
      buffer: buffer,
      offset: offset + range.lowerBound * rowStride,
      rowCount: range.count,
      columnCount: columnCount,
      rowStride: rowStride
    )
  }

  /// The same values as shorter rows: `[rows · n, columns / n]`.
  ///
  /// - Precondition: The rows lie next to each other, and `n` divides the columns.
  public func split(into n: Int) -> ActivationView {
    precondition(rowStride == columnCount && columnCount % n == 0)
    return ActivationView(
      buffer: buffer,
      offset: offset,
      rowCount: rowCount * n,
      columnCount: columnCount / n,
      rowStride: columnCount / n
    )
  }

  /// A copy of one row.
  ///
  /// - Precondition: `row` is a row of the view.
  public func floats(row: Int) -> [Float] {
    precondition(row >= 0 && row < rowCount)
    // SAFETY: the initializer checked the view against its buffer.
    return unsafe Array(
      UnsafeBufferPointer(start: pointer + row * rowStride, count: columnCount)
    )
  }

  /// One row's values, until an operation writes them again.
  ///
  /// - Precondition: `row` is a row of the view.
  @_lifetime(borrow self)
  public func span(row: Int) -> Span<Float> {
    precondition(row >= 0 && row < rowCount)
    let start = unsafe UnsafePointer(pointer + row * rowStride)
    // SAFETY: the initializer checked the view against its buffer, which the view keeps alive.
    return unsafe _overrideLifetime(
      Span(_unsafeStart: start, count: columnCount),
      borrowing: self
    )
  }

  /// Overwrites one row.
  ///
  /// - Precondition: `row` is a row of the view and `values` has one value a column.
  public func set(row: Int, to values: [Float]) {
    precondition(row >= 0 && row < rowCount && values.count == columnCount)
    // SAFETY: the initializer checked the view against its buffer.
    unsafe values.withUnsafeBufferPointer {
      if let start = $0.baseAddress {
        unsafe (pointer + row * rowStride).update(from: start, count: values.count)
      }
    }
  }

  /// One value.
  ///
  /// - Precondition: Row and column lie within the view.
  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
      // SAFETY: checked above.
      return unsafe pointer[row * rowStride + column]
    }
    nonmutating set {
      precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
      // SAFETY: checked above.
      unsafe pointer[row * rowStride + column] = newValue
    }
  }
}

extension Tensor {
  /// The numbers of an F32 tensor that is not a file's, as activations over the same bytes.
  ///
  /// - Parameter columnCount: How many numbers a row has, a divisor of their count; nil for the
  ///   tensor's own rows.
  /// - Returns: All of the tensor.
  public func activations(columnCount: Int? = nil) -> ActivationView {
    let columns = columnCount ?? self.columnCount
    precondition(columns > 0 && count % columns == 0)
    let rows = count / columns
    return Activations(self, columnCount: columns).rows(rows)
  }
}
