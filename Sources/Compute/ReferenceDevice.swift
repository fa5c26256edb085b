// SPDX-License-Identifier: Apache-2.0

/// The readable twin of the kernels: each operation as its formula, one element at a time.
///
/// `ReferenceDevice<Float>` gives the bits that every kernel must give; `ReferenceDevice<Double>`
/// takes the same inputs in double precision and rounds each operation's result to FP32.
public struct ReferenceDevice<Scalar: ReferenceScalar>: Device {
  typealias Forms = ReferenceForms<Scalar>

  /// Creates the device.
  public init() {}

  /// What the device calls itself.
  public var name: String { Scalar.deviceName }

  /// Copies rows of the table, one number at a time.
  public func lookUp(_ ids: [Int32], in table: Tensor, into output: ActivationView) {
    for (row, id) in ids.enumerated() {
      output.set(row: row, to: floats(table, row: Int(id)).map(\.narrowed))
    }
  }

  /// Sums squares in the dot form, then scales.
  public func normalize(
    _ input: ActivationView,
    weight: Tensor,
    epsilon: Float,
    into output: ActivationView
  ) {
    let w = weight.floats.map(Scalar.widened)
    for row in 0..<input.rowCount {
      let x = scalars(input, row: row)
      let squares = Forms.dot(x, x, inPairs: false)
      let mean = Scalar.quotient(squares, Scalar(x.count))
      let r = Scalar.quotient(1, Scalar.sum(mean, Scalar.widened(epsilon)).squareRoot())
      output.set(row: row, to: zip(x, w).map { Scalar.product(Scalar.product($0, r), $1).narrowed })
    }
  }

  /// Turns every pair by its angle.
  public func rotate(
    _ x: ActivationView,
    headCount: Int,
    headStride: Int,
    headOffset: Int,
    angles: RotaryAngles,
    layout: RotaryLayout
  ) {
    let pairs = angles.pairCount
    for row in 0..<x.rowCount {
      let cosines = scalars(angles.cosines.rows(row + 1), row: row)
      let sines = scalars(angles.sines.rows(row + 1), row: row)
      for head in 0..<headCount {
        for pair in 0..<pairs {
          let start = head * headStride + headOffset
          let first = start + (layout == .halfSplit ? pair : 2 * pair)
          let second = layout == .halfSplit ? first + pairs : first + 1
          let a = Scalar.widened(x[row, first])
          let b = Scalar.widened(x[row, second])
          x[row, first] =
            Scalar.fused(a, cosines[pair], -Scalar.product(b, sines[pair])).narrowed
          x[row, second] =
            Scalar.fused(b, cosines[pair], Scalar.product(a, sines[pair])).narrowed
        }
      }
    }
  }

  /// Applies `z / (1 + exp(−z)) · u`.
  public func multiplySiLU(gate: ActivationView, up: ActivationView) {
    for row in 0..<gate.rowCount {
      let result = zip(scalars(gate, row: row), scalars(up, row: row)).map { z, u in
        Scalar.product(Scalar.quotient(z, Scalar.sum(1, Scalar.exponential(-z))), u).narrowed
      }
      gate.set(row: row, to: result)
    }
  }

  /// Adds element by element.
  public func add(_ x: ActivationView, to residual: ActivationView) {
    for row in 0..<x.rowCount {
      let sums = zip(scalars(residual, row: row), scalars(x, row: row))
        .map { Scalar.sum($0, $1).narrowed }
      residual.set(row: row, to: sums)
    }
  }

  /// Walks each row in spans and merges them.
  public func logSumExp(_ logits: ActivationView) -> [LogSumExp] {
    (0..<logits.rowCount).map { row in
      let x = scalars(logits, row: row)
      var maximum = -Scalar.infinity
      var sum: Scalar = 0
      for start in stride(from: 0, to: x.count, by: LogSumExp.spanExtent) {
        let span = Array(x[start..<min(start + LogSumExp.spanExtent, x.count)])
        let (exponentials, spanMaximum) = Forms.exponentials(span)
        let spanSum = Forms.laneSum(exponentials)
        let larger = Forms.larger(maximum, spanMaximum)
        let kept = Scalar.product(sum, Scalar.exponential(Scalar.sum(maximum, -larger)))
        sum = Scalar.fused(
          spanSum,
          Scalar.exponential(Scalar.sum(spanMaximum, -larger)),
          kept
        )
        maximum = larger
      }
      return LogSumExp(maximum: sum.isNaN ? .nan : maximum.narrowed, sum: sum.narrowed)
    }
  }

  /// One row of a view, as the arithmetic takes it.
  func scalars(_ view: ActivationView, row: Int) -> [Scalar] {
    view.floats(row: row).map(Scalar.widened)
  }

  /// One row of a stored matrix, as the arithmetic takes it.
  func floats(_ tensor: Tensor, row: Int) -> [Scalar] {
    let start = row * tensor.columnCount
    return (start..<start + tensor.columnCount).map { Scalar.widened(tensor.float(at: $0)) }
  }

  /// Rounds the inputs of a product as the compute type asks.
  func inputs(_ values: [Scalar], _ computeType: ComputeType) -> [Scalar] {
    computeType == .bf16 ? values.map(Scalar.roundedToBF16) : values
  }
}
