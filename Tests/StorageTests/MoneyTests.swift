// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

/// Amounts of money, and what tokens cost.
@Suite struct MoneyTests {
  @Test(arguments: [
    ("0", "0.00"), ("12.5", "12.50"), ("0.000014", "0.000014"), ("1000000", "1000000.00"),
    ("0.000000000001", "0.000000000001"), ("007.10", "7.10"),
  ])
  func `an amount is read and written exactly`(_ text: String, _ written: String) throws {
    let money = try #require(Money(text))
    #expect(money.description == written && Money(written) == money)
  }

  @Test(arguments: [
    "", ".", "1.", ".5", "-1", "+1", "1,5", "1e3", " 1", "1000000.01", "99999999999999999999", "١",
    "0.0000000000001", "1.2.3",
  ])
  func `what is no amount is none`(_ text: String) { #expect(Money(text) == nil) }

  @Test func `less than nothing has a sign`() {
    #expect(Money(picodollars: -30_000_000_000).description == "-0.03")
    #expect(Money(picodollars: -1) < Money(picodollars: 0))
  }

  // Method: DeepSeek's list prices, by hand: 1,000 × 0.028 + 2,000 × 0.28 + 3,000 × 0.42 millionths.
  @Test func `tokens cost what the price list says, without rounding`() throws {
    let prices = try #require(Self.prices("0.028", "0.28", "0.42"))
    let cost = prices.cost(of: TokenUse(cacheHits: 1000, cacheMisses: 2000, outputs: 3000))
    #expect(cost.description == "0.001848")
    #expect(prices.cost(of: TokenUse(cacheHits: 1)).description == "0.000000028")
  }

  @Test func `prices are bounded in size and in digits`() {
    #expect(Self.prices("0", "0", "10000") != nil)
    #expect(Self.prices("0", "0", "10000.000001") == nil)
    #expect(Self.prices("0.0000001", "0", "0") == nil)
  }

  static func prices(_ hit: String, _ miss: String, _ output: String) -> TokenPrices? {
    guard let hit = Money(hit), let miss = Money(miss), let output = Money(output) else {
      return nil
    }
    return TokenPrices(cacheHit: hit, cacheMiss: miss, output: output)
  }
}
