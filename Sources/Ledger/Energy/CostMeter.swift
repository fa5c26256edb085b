// SPDX-License-Identifier: Apache-2.0

/// Energy and money of one piece of work after the other.
public struct CostMeter: Sendable {
  private let basis: CostBasis
  private var counters: EnergyCounters?
  /// What the meters had said when the last piece ended.
  private var joules = 0.0
  private var sampled = ContinuousClock.now

  /// Begins.
  ///
  /// - Parameters:
  ///   - basis: What is reckoned by.
  ///   - counters: The machine's meters; nil where there are none.
  public init(_ basis: CostBasis, counters: EnergyCounters? = EnergyCounters()) {
    self.basis = basis
    self.counters = counters
  }

  /// From here on the meters count for the next piece of work.
  public mutating func begin() {
    counters?.sample()
    joules = counters?.joules ?? 0
  }

  // LIMIT: the shortest that reading some files a few times is nothing beside; see `EnergyCounters`.
  private static let samplingInterval = Duration.seconds(30)

  /// Reads the meters where it is time to; for work that takes long, as often as one likes.
  public mutating func tick() {
    guard counters != nil, sampled.duration(to: .now) >= Self.samplingInterval else { return }
    sampled = .now
    counters?.sample()
  }

  /// Puts into a row what was spent since the last one, or since `begin`.
  ///
  /// - Parameter row: A row with its seconds.
  public mutating func account(for row: inout LedgerRow) {
    let seconds = row.seconds ?? 0
    if counters != nil {
      counters?.sample()
      let now = counters?.joules ?? 0
      row.joules = now - joules
      row.energySource = .measured
      joules = now
    } else if let watts = basis.watts {
      row.joules = watts * seconds
      row.energySource = .estimated
    }
    row.dollars = basis.dollars(seconds: seconds, joules: row.joules)
    if row.dollars != nil { row.prices = basis.price?.name }
  }
}
