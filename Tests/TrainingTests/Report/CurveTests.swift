// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Training

/// What a drawing shows of a curve: few points, yet no peak lost; round ticks, all told apart.
@Suite struct CurveTests {
  private func curve(_ values: [Double]) -> Curve {
    var curve = Curve()
    for (index, value) in values.enumerated() { curve.append(value, at: index + 1) }
    return curve
  }

  @Test(arguments: [1, 2, 1999, 2000, 2001, 4001, 100_000])
  func `a thinned curve keeps its ends, its order and every peak`(_ count: Int) throws {
    var generator = SplitMix64(seed: UInt64(count))
    var values = (0..<count).map { _ in Double(generator.next() % 1000) }
    values[count / 3] = 1e6
    values[count / 2] = -1e6
    let points = curve(values).thinned(to: 2000)
    #expect(points.count <= 2002 && points.count >= min(count, 1000))
    #expect(points.first?.step == 1 && points.last?.step == count)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step })
    #expect(points.allSatisfy { values[$0.step - 1] == $0.value })
    #expect(points.map(\.value).max() == values.max())
    #expect(points.map(\.value).min() == -1e6)
  }

  @Test func `a thinned curve keeps what is not finite`() {
    var values = [Double](repeating: 1, count: 10_000)
    values[5000] = .nan
    let points = curve(values).thinned(to: 100)
    #expect(points.filter { !$0.value.isFinite }.map(\.step) == [5001])
    #expect(curve(values).nonFiniteSteps(limit: 5) == [5001])
  }

  @Test func `a mean takes noise out and stays where the values are`() {
    var generator = SplitMix64(seed: 1)
    let noise = (0..<10_000).map { _ in 5 + Double(generator.next() % 1000) / 1000 }
    let mean = curve(noise + [.nan]).smoothed()
    #expect(mean.count == 10_000)
    #expect(mean.values.dropFirst(500).allSatisfy { (5.3...5.7).contains($0) })
    // Corrected at the beginning: a constant is its own mean from the first step on.
    #expect(curve([3, 3, 3]).smoothed().values.allSatisfy { ($0 - 3).magnitude < 1e-12 })
  }

  @Test func `values are found by step, and a curve goes back`() {
    var curve = Curve()
    for step in [5, 10, 20] { curve.append(Double(step), at: step) }
    curve.append(nil, at: 30)
    #expect([4, 5, 9, 10, 25].map { curve.value(at: $0) } == [nil, 5, 5, 10, 20])
    curve.rewind(to: 10)
    #expect(curve.steps == [5, 10])
    curve.rewind(to: 0)
    #expect(curve.isEmpty)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `ticks lie in the range and have names of their own`(_ seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    // Values of any size, near each other or far apart.
    func value() -> Double {
      let mantissa = Double(generator.next() % 1000) / 100 - 3
      let exponent = Int(generator.next() % 15) - 7
      return (0..<abs(exponent)).reduce(mantissa) { value, _ in
        exponent < 0 ? value / 10 : value * 10
      }
    }
    let (base, width) = (value(), value())
    let values = [base, base + width / 100, base + width]
    for prefersLogarithm in [false, true] {
      let axis = ChartAxis(values, tickCount: 5, prefersLogarithm: prefersLogarithm)
      #expect(!axis.ticks.isEmpty && axis.ticks.count <= 12, "seed \(seed): \(axis.ticks)")
      #expect(axis.ticks.allSatisfy { axis.range.contains($0) })
      for value in values {
        let position = axis.position(of: value)
        #expect(position.map { (-1e-9...1 + 1e-9).contains($0) } == true, "seed \(seed): \(value)")
      }
      let labels = axis.ticks.map(axis.label)
      // Labels of values that are equal to five digits cannot be told apart.
      if width.magnitude > base.magnitude / 1000 {
        #expect(Set(labels).count == labels.count, "seed \(seed): \(axis.ticks) \(labels)")
      }
      #expect(labels.allSatisfy { $0.count <= 8 || width.magnitude < base.magnitude / 100 })
    }
  }

  @Test func `an axis has names that people write`() {
    func labels(_ values: [Double], prefersLogarithm: Bool = false) -> [String] {
      let axis = ChartAxis(values, tickCount: 5, prefersLogarithm: prefersLogarithm)
      return axis.ticks.map(axis.label)
    }
    #expect(labels([0, 3e-4]) == ["0", "1e-4", "2e-4", "3e-4"])
    #expect(labels([0, 1]) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    #expect(labels([0, 20_000]) == ["0", "5 k", "10 k", "15 k", "20 k"])
    #expect(labels([0.1, 90], prefersLogarithm: true) == ["0.1", "1", "10"])
    #expect(labels([7]).contains("7"))
    #expect(labels([]) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    #expect(labels([.nan, .infinity]) == labels([]))
  }
}
