// SPDX-License-Identifier: Apache-2.0

/// How fast something goes, by what was done in the last seconds.
public struct RateMeter: Hashable, Sendable {
  private struct Sample: Hashable, Sendable {
    var time: Duration
    var count: Int
  }

  private var samples: [Sample] = []
  private let window: Duration

  // LIMIT: a figure that is read needs no more points; pieces may come thousands of times a second.
  private static let sampleLimit = 64

  /// Creates a meter that looks back over a time.
  public init(window: Duration = .seconds(10)) { self.window = window }

  /// Notes how much is done.
  ///
  /// - Parameters:
  ///   - count: How much in all.
  ///   - time: Since any fixed moment; never less than before.
  public mutating func note(_ count: Int, at time: Duration) {
    // Notes that are close together count as one.
    let spacing = window / Self.sampleLimit
    if samples.count > 1, time - samples[samples.count - 2].time < spacing {
      samples[samples.count - 1] = Sample(time: time, count: count)
    } else {
      samples.append(Sample(time: time, count: count))
    }
    while samples.count > 2, time - samples[1].time >= window { samples.removeFirst() }
  }

  /// How much is done in a second; nil before it can be told.
  public var perSecond: Double? {
    guard let first = samples.first, let last = samples.last else { return nil }
    let seconds = (last.time - first.time) / .seconds(1)
    guard seconds >= 0.2, last.count >= first.count else { return nil }
    return Double(last.count - first.count) / seconds
  }
}
