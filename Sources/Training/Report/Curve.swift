// SPDX-License-Identifier: Apache-2.0

/// A quantity over the steps of a run.
package struct Curve: Sendable, Hashable {
  /// The steps at which it was measured, rising.
  package private(set) var steps: [Int] = []
  /// Its values, as they were: not all are finite.
  package private(set) var values: [Double] = []

  /// One point of a curve.
  package struct Point: Hashable, Sendable {
    /// The step at which it was measured.
    package let step: Int
    /// Its value.
    package let value: Double
  }

  /// Begins a curve.
  package init() {}

  /// Whether nothing was measured yet.
  package var isEmpty: Bool { steps.isEmpty }
  /// How many points there are.
  package var count: Int { steps.count }

  /// Adds the next point; nil where nothing was measured.
  ///
  /// - Parameters:
  ///   - value: The value, which need not be finite.
  ///   - step: The step, after those before.
  package mutating func append(_ value: Double?, at step: Int) {
    guard let value else { return }
    steps.append(step)
    values.append(value)
  }

  /// Forgets what came after a step.
  package mutating func rewind(to step: Int) {
    let kept = firstIndex(after: step)
    steps.removeSubrange(kept...)
    values.removeSubrange(kept...)
  }

  /// The last value at or before a step, nil before the first.
  package func value(at step: Int) -> Double? {
    let next = firstIndex(after: step)
    return next > 0 ? values[next - 1] : nil
  }

  /// The first steps at which the value was no finite number.
  package func nonFiniteSteps(limit: Int) -> [Int] {
    Array(zip(steps, values).lazy.filter { !$0.1.isFinite }.map(\.0).prefix(limit))
  }

  /// The same quantity times a factor.
  func scaled(by factor: Double) -> Curve {
    var curve = self
    curve.values = values.map { $0 * factor }
    return curve
  }

  /// The curve with the noise of single steps taken out: a running mean whose weights fall off over
  /// a hundredth of the run, corrected at the beginning as Adam corrects its moments.
  package func smoothed() -> Curve {
    let decay = 1 - 1 / max(5, Double(count) / 100)
    var (sum, weight) = (0.0, 0.0)
    var curve = Curve()
    for (step, value) in zip(steps, values) where value.isFinite {
      sum = decay * sum + (1 - decay) * value
      weight = decay * weight + 1 - decay
      curve.append(sum / weight, at: step)
    }
    return curve
  }

  /// The curve in few points, in which no peak is lost: of each run of points the least and the
  /// greatest, in their order, and one that is not finite; also the first of all and the last.
  ///
  /// - Parameter limit: About the most points, at least 2.
  /// - Complexity: O(n).
  /// - Returns: The points in order; all of them where they are no more than the limit.
  package func thinned(to limit: Int) -> [Point] {
    guard count > limit else { return zip(steps, values).map { Point(step: $0, value: $1) } }
    var points: [Point] = []
    let bucketCount = limit / 2
    let ends: Set = [0, count - 1]
    for bucket in 0..<bucketCount {
      let range = bucket * count / bucketCount..<(bucket + 1) * count / bucketCount
      var (least, most, broken) = (-1, -1, -1)
      for index in range {
        let value = values[index]
        guard value.isFinite else {
          broken = index
          continue
        }
        if least < 0 || value < values[least] { least = index }
        if most < 0 || value > values[most] { most = index }
      }
      let chosen = ends.filter(range.contains).union([least, most, broken])
      for index in chosen.sorted() where index >= 0 {
        points.append(Point(step: steps[index], value: values[index]))
      }
    }
    return points
  }

  /// The place of the first step after a given one.
  private func firstIndex(after step: Int) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] <= step { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
