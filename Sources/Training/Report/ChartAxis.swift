// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One axis of a chart: its range, where its ticks are and what they are called.
package struct ChartAxis {
  /// How values become places.
  package enum Scale {
    case linear
    case logarithmic
  }

  package let scale: Scale
  /// The values at both ends; of a logarithmic axis above zero.
  package let range: ClosedRange<Double>
  /// The values with a tick.
  package let ticks: [Double]
  private let labelStep: Double

  /// Chooses round ticks for the values that an axis shows.
  ///
  /// - Parameters:
  ///   - values: All values; those that are not finite are passed over.
  ///   - tickCount: About how many ticks there is room for.
  ///   - startsAtZero: Whether zero is shown in any case.
  ///   - hasRoom: Whether the ends stand a little apart from the values.
  ///   - prefersLogarithm: Whether to show powers of ten where values lie far apart.
  package init(
    _ values: some Sequence<Double>,
    tickCount: Int,
    startsAtZero: Bool = false,
    hasRoom: Bool = true,
    prefersLogarithm: Bool = false
  ) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    if prefersLogarithm, low > 0, high / low > 50 {
      self.init(logarithmic: low...high)
    } else {
      if startsAtZero { (low, high) = (min(low, 0), max(high, 0)) }
      self.init(linear: low...high, tickCount: tickCount, room: hasRoom ? 0.04 : 0)
    }
  }

  private init(linear values: ClosedRange<Double>, tickCount: Int, room: Double) {
    var (low, high) = (values.lowerBound, values.upperBound)
    // LIMIT: beyond this a difference of two values is not finite.
    low = max(low, -1e300)
    high = min(high, 1e300)
    if high - low <= (high.magnitude + low.magnitude) * 1e-9 {
      let half = max(high.magnitude * 0.1, high == 0 ? 1 : 1e-300)
      (low, high) = (low - half, high + half)
    }
    let margin = (high - low) * room
    // A quantity that is never negative needs no room below zero.
    let bottom = low >= 0 && low - margin < 0 ? 0 : low - margin
    range = bottom...(high + margin)
    let step = Self.roundStep((high - low) / Double(max(tickCount, 1)))
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    ticks =
      first <= last && last - first < 100
      ? stride(from: first, through: last, by: 1).map { $0 * step } : [low]
    labelStep = step
    scale = .linear
  }

  private init(logarithmic values: ClosedRange<Double>) {
    range = values.lowerBound * 0.9...values.upperBound * 1.1
    let first = log10(range.lowerBound).rounded(.up)
    let last = log10(range.upperBound).rounded(.down)
    // LIMIT: seven labels fit; between far ends some powers have none.
    let skip = max(1, ((last - first) / 6).rounded(.up))
    ticks = stride(from: first, through: last, by: skip).map { pow(10, $0) }
    labelStep = 0
    scale = .logarithmic
  }

  /// Where a value lies between both ends, 0 to 1; nil for what has no place.
  package func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch scale {
    case .linear:
      return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic:
      guard value > 0 else { return nil }
      let low = log10(range.lowerBound)
      return (log10(value) - low) / (log10(range.upperBound) - low)
    }
  }

  /// What a tick is called: all of an axis in one form.
  package func label(_ tick: Double) -> String {
    if scale == .logarithmic {
      return (1e-3...9999).contains(tick)
        ? ReportText.trimmed(tick, places: 3) : ReportText.scientific(tick, digits: 1)
    }
    let most = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    if most >= 10_000 { return ReportText.lettered(tick, places: lettedPlaces(most)) }
    if most < 1e-2 {
      // As many digits as tell neighbors apart.
      let digits = Int(log10(most).rounded(.down) - log10(labelStep).rounded(.down)) + 1
      return ReportText.scientific(tick, digits: max(1, min(digits, 6)))
    }
    return ReportText.trimmed(tick, places: Self.places(for: labelStep))
  }

  private func lettedPlaces(_ most: Double) -> Int {
    let unit = pow(1000, (log10(most) / 3).rounded(.down))
    return min(Self.places(for: labelStep / unit), 3)
  }

  /// The places that tell multiples of a step apart.
  private static func places(for step: Double) -> Int {
    max(0, Int((-log10(step) + 0.001).rounded(.up)))
  }

  /// 1, 2 or 5 times a power of ten, at least the given step.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= step * 0.999 { return factor * power }
    return 10 * power
  }
}
