// SPDX-License-Identifier: Apache-2.0

import JSON
import Ledger
import Storage

/// What training has cost; what is nil nobody knows.
struct LabelCost: Hashable {
  var tokenCount: Int?
  var hours: Double?
  var kilowattHours: Double?
  /// Whether some of the energy was estimated from watts.
  var isEstimated = false
  var dollars: Double?
  /// The prices that the money was reckoned by.
  var prices: [String] = []

  init() {}

  /// Adds up rows; nothing is known of none.
  init(_ rows: [ChainedRow]) {
    guard !rows.isEmpty else { return }
    var total = LedgerTotal()
    for row in rows { total.add(row.row) }
    tokenCount = total.tokens["train"]
    hours = total.seconds / 3600
    kilowattHours = total.kilowattHours
    isEstimated = total.estimatedJoules > 0
    dollars = total.knownDollars
    prices = Set(rows.compactMap(\.row.prices)).sorted()
  }

  /// Reads what `members` writes.
  init(_ value: JSONValue) {
    tokenCount = value["tokens"]?.integer
    hours = value["hours"]?.double
    kilowattHours = value["energy_kwh"]?.double
    isEstimated = value["energy_estimated"]?.boolean ?? false
    dollars = value["usd"]?.double
    prices = value["prices"]?.array?.compactMap(\.string) ?? []
  }

  /// The sum of stages; unknown where one is.
  static func + (left: LabelCost, right: LabelCost) -> LabelCost {
    func sum<Number: AdditiveArithmetic>(_ left: Number?, _ right: Number?) -> Number? {
      left.flatMap { left in right.map { left + $0 } }
    }
    var cost = LabelCost()
    cost.tokenCount = sum(left.tokenCount, right.tokenCount)
    cost.hours = sum(left.hours, right.hours)
    cost.kilowattHours = sum(left.kilowattHours, right.kilowattHours)
    cost.isEstimated = left.isEstimated || right.isEstimated
    cost.dollars = sum(left.dollars, right.dollars)
    cost.prices = Set(left.prices + right.prices).sorted()
    return cost
  }

  /// Fills in what is not known here with what another says.
  func filled(by other: LabelCost) -> LabelCost {
    var cost = self
    cost.tokenCount = tokenCount ?? other.tokenCount
    cost.hours = hours ?? other.hours
    if kilowattHours == nil {
      (cost.kilowattHours, cost.isEstimated) = (other.kilowattHours, other.isEstimated)
    }
    if dollars == nil { (cost.dollars, cost.prices) = (other.dollars, other.prices) }
    return cost
  }

  var members: [(String, JSONText)] {
    [
      ("tokens", tokenCount.map(JSONText.integer) ?? .null),
      ("hours", hours.map(JSONText.double) ?? .null),
      ("energy_kwh", kilowattHours.map(JSONText.double) ?? .null),
      ("energy_estimated", .boolean(isEstimated)),
      ("usd", dollars.map(JSONText.double) ?? .null),
      ("prices", .array(prices.map(JSONText.string))),
    ]
  }
}
