// SPDX-License-Identifier: Apache-2.0

/// What energy and money are reckoned by.
public struct CostBasis: Sendable, Hashable {
  /// What is paid for.
  public enum Price: Sendable, Hashable {
    /// US dollars for a kilowatt-hour.
    case perKilowattHour(Double)
    /// US dollars for an hour of the machine.
    case perHour(Double)

    /// How a row names it.
    public var name: String {
      switch self {
      case .perKilowattHour(let dollars): "\(dollars) USD/kWh"
      case .perHour(let dollars): "\(dollars) USD/h"
      }
    }
  }

  /// Watts while at work, where no meter can be read; nil for no estimate.
  public var watts: Double?
  /// The price; nil where nobody named one.
  public var price: Price?

  /// Takes what is known.
  public init(watts: Double? = nil, price: Price? = nil) {
    self.watts = watts
    self.price = price
  }

  /// What work costs; nil without a price, or without the energy that it is for.
  public func dollars(seconds: Double, joules: Double?) -> Double? {
    switch price {
    case .perKilowattHour(let dollars): joules.map { $0 / 3.6e6 * dollars }
    case .perHour(let dollars): seconds / 3600 * dollars
    case nil: nil
    }
  }
}
