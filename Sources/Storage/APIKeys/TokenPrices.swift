// SPDX-License-Identifier: Apache-2.0

/// What a million tokens cost, by what they are, as DeepSeek's price list has it.
public struct TokenPrices: Sendable, Hashable {
  // LIMIT: far above any price list; with it no answer's cost leaves the numbers.
  private static let most = 10_000 * Money.unit

  /// Of a prompt, found in the prefix cache.
  public let cacheHit: Money
  /// Of a prompt, computed.
  public let cacheMiss: Money
  /// Of an answer.
  public let output: Money

  /// Takes three prices; nil where one is above 10,000 dollars, or finer than a millionth of a dollar.
  public init?(cacheHit: Money, cacheMiss: Money, output: Money) {
    for price in [cacheHit, cacheMiss, output] {
      guard (0...Self.most).contains(price.picodollars), price.picodollars % 1_000_000 == 0 else {
        return nil
      }
    }
    (self.cacheHit, self.cacheMiss, self.output) = (cacheHit, cacheMiss, output)
  }

  /// Takes what a row of the database holds: millionths of a millionth of a dollar for a token.
  init?(perToken hit: Int?, _ miss: Int?, _ output: Int?) {
    guard let hit, let miss, let output else { return nil }
    let most = Self.most / 1_000_000
    guard [hit, miss, output].allSatisfy({ (0...most).contains($0) }) else { return nil }
    self.init(
      cacheHit: Money(picodollars: hit * 1_000_000),
      cacheMiss: Money(picodollars: miss * 1_000_000),
      output: Money(picodollars: output * 1_000_000)
    )
  }

  /// What some tokens cost.
  public func cost(of use: TokenUse) -> Money {
    let (hit, miss, output) = perToken
    return Money(
      picodollars: use.cacheHits * hit + use.cacheMisses * miss + use.outputs * output
    )
  }

  /// Millionths of a millionth of a dollar for a token of each kind.
  var perToken: (cacheHit: Int, cacheMiss: Int, output: Int) {
    (
      cacheHit.picodollars / 1_000_000, cacheMiss.picodollars / 1_000_000,
      output.picodollars / 1_000_000
    )
  }
}

/// Tokens of answers, by what they cost.
public struct TokenUse: Sendable, Hashable {
  /// Tokens of prompts that the prefix cache held.
  public var cacheHits: Int
  /// Tokens of prompts that were computed.
  public var cacheMisses: Int
  /// Tokens of answers.
  public var outputs: Int

  /// Creates counts.
  public init(cacheHits: Int = 0, cacheMisses: Int = 0, outputs: Int = 0) {
    (self.cacheHits, self.cacheMisses, self.outputs) = (cacheHits, cacheMisses, outputs)
  }

  /// Adds the tokens of others.
  public mutating func add(_ other: TokenUse) {
    cacheHits += other.cacheHits
    cacheMisses += other.cacheMisses
    outputs += other.outputs
  }

  /// All tokens.
  public var total: Int { cacheHits + cacheMisses + outputs }
}
