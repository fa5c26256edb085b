// SPDX-License-Identifier: Apache-2.0

/// A key of the API: whom it was made for, what it may use, and what it has used.
public struct APIKey: Sendable, Hashable {
  /// What a key may use; nil is without a bound.
  public struct Limits: Sendable, Hashable {
    /// The most requests that are answered at once.
    public var requestCount: Int?
    /// The most tokens in all, of prompts and answers.
    public var tokenCount: Int?
    /// What tokens cost; nil where they cost nothing.
    public var prices: TokenPrices?
    /// What was paid beforehand.
    public var paid: Money?

    /// Creates limits.
    public init(
      requestCount: Int? = nil,
      tokenCount: Int? = nil,
      prices: TokenPrices? = nil,
      paid: Money? = nil
    ) {
      self.requestCount = requestCount
      self.tokenCount = tokenCount
      self.prices = prices
      self.paid = paid
    }
  }

  /// Its short name, eight letters and digits, which is no secret.
  public let id: String
  /// Whom or what it was made for.
  public let name: String
  /// When it was made.
  public let created: Timestamp
  /// Since when nobody is let in with it; nil for a key in use.
  public let revoked: Timestamp?
  /// What it may use.
  public let limits: Limits
  /// How many answers were computed for it.
  public let answerCount: Int
  /// The tokens of those.
  public let used: TokenUse
  /// What they cost.
  public let spent: Money

  /// What is left of what was paid; less than nothing where an answer went beyond it, nil where nothing
  /// bounds it.
  public var balance: Money? {
    limits.paid.map { Money(picodollars: $0.picodollars - spent.picodollars) }
  }

  /// Whether all is used up that it may use.
  public var isUsedUp: Bool {
    let hasTokens = limits.tokenCount.map { used.total < $0 } ?? true
    let hasMoney = balance.map { $0.picodollars > 0 } ?? true
    return !(hasTokens && hasMoney)
  }
}
