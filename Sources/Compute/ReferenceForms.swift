// SPDX-License-Identifier: Apache-2.0

/// The forms of summation that every product and reduction takes (`Documentation/Arithmetic.md`).
enum ReferenceForms<Scalar: ReferenceScalar> {
  static var laneCount: Int { 16 }

  /// The one fixed tree over 16 lanes.
  static func tree(_ lanes: [Scalar]) -> Scalar {
    var v = lanes
    var width = laneCount / 2
    while width > 0 {
      for j in 0..<width { v[j] = Scalar.sum(v[j], v[j + width]) }
      width /= 2
    }
    return v[0]
  }

  /// Adds the 16-chunks of a product (f32) or its 32-chunks in pairs (bf16) to lanes.
  static func accumulate(
    _ x: ArraySlice<Scalar>,
    _ w: ArraySlice<Scalar>,
    onto lanes: inout [Scalar],
    inPairs: Bool
  ) {
    let chunk = inPairs ? 2 * laneCount : laneCount
    var start = 0
    while start < x.count {
      for lane in 0..<laneCount {
        if inPairs {
          let odd = start + 2 * lane + 1
          lanes[lane] = Scalar.fused(element(x, odd), element(w, odd), lanes[lane])
          lanes[lane] = Scalar.fused(element(x, odd - 1), element(w, odd - 1), lanes[lane])
        } else {
          let index = start + lane
          lanes[lane] = Scalar.fused(element(x, index), element(w, index), lanes[lane])
        }
      }
      start += chunk
    }
  }

  private static func element(_ values: ArraySlice<Scalar>, _ index: Int) -> Scalar {
    index < values.count ? values[values.startIndex + index] : 0
  }

  /// The dot form.
  static func dot(_ x: [Scalar], _ w: [Scalar], inPairs: Bool) -> Scalar {
    var lanes = [Scalar](repeating: 0, count: laneCount)
    accumulate(x[...], w[...], onto: &lanes, inPairs: inPairs)
    return tree(lanes)
  }

  /// The dot form with a scale for each 128-chunk.
  static func scaledDot(_ x: [Scalar], _ w: [Scalar], scales: [Scalar], inPairs: Bool) -> Scalar {
    var total = [Scalar](repeating: 0, count: laneCount)
    for (block, scale) in scales.enumerated() {
      let range =
        block * WeightMatrix.blockExtent..<min((block + 1) * WeightMatrix.blockExtent, x.count)
      var lanes = [Scalar](repeating: 0, count: laneCount)
      accumulate(x[range], w[range], onto: &lanes, inPairs: inPairs)
      for lane in 0..<laneCount { total[lane] = Scalar.fused(lanes[lane], scale, total[lane]) }
    }
    return tree(total)
  }

  /// One step of the sum form: adds `a · row` to every output; in pairs the odd row comes first.
  static func addRows(
    _ a: (even: Scalar, odd: Scalar?),
    _ rows: (even: [Scalar], odd: [Scalar]?),
    onto outputs: inout [Scalar]
  ) {
    for output in outputs.indices {
      if let odd = a.odd, let row = rows.odd {
        outputs[output] = Scalar.fused(odd, row[output], outputs[output])
      }
      outputs[output] = Scalar.fused(a.even, rows.even[output], outputs[output])
    }
  }

  /// The sum form over all rows.
  static func weightedSum(
    _ a: [Scalar],
    _ rows: [[Scalar]],
    onto outputs: inout [Scalar],
    inPairs: Bool
  ) {
    let zeros = [Scalar](repeating: 0, count: outputs.count)
    for i in stride(from: 0, to: a.count, by: inPairs ? 2 : 1) {
      if inPairs {
        let hasPartner = i + 1 < a.count
        addRows(
          (a[i], hasPartner ? a[i + 1] : 0),
          (rows[i], hasPartner ? rows[i + 1] : zeros),
          onto: &outputs
        )
      } else {
        addRows((a[i], nil), (rows[i], nil), onto: &outputs)
      }
    }
  }

  /// Lane sums over 16-chunks, then the tree.
  static func laneSum(_ values: [Scalar]) -> Scalar {
    var lanes = [Scalar](repeating: 0, count: laneCount)
    for (index, value) in values.enumerated() {
      lanes[index % laneCount] = Scalar.sum(lanes[index % laneCount], value)
    }
    return tree(lanes)
  }

  /// The page's `max` of a running value and a new one.
  static func larger(_ running: Scalar, _ new: Scalar) -> Scalar { running > new ? running : new }

  /// `exp(x − maximum)` of each value, and the maximum.
  static func exponentials(_ values: [Scalar]) -> (values: [Scalar], maximum: Scalar) {
    let maximum = values.reduce(-Scalar.infinity, larger)
    return (values.map { Scalar.exponential(Scalar.sum($0, -maximum)) }, maximum)
  }
}
