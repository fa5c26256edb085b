// SPDX-License-Identifier: Apache-2.0

/// What a provider asked for a million tokens, and from when.
public struct ListPrice: Sendable, Hashable {
  /// The model, as the catalogue or the provider names it.
  public let model: String
  /// US dollars for a million tokens of input that a cache has.
  public let hit: Double?
  /// US dollars for a million tokens of input that it has not.
  public let miss: Double
  /// US dollars for a million tokens of output, thinking included.
  public let output: Double
  /// From when, or at what time.
  public let date: String
  /// Who said so.
  public let source: String

  /// Creates a price.
  public init(
    model: String,
    hit: Double?,
    miss: Double,
    output: Double,
    date: String,
    source: String
  ) {
    self.model = model
    self.hit = hit
    self.miss = miss
    self.output = output
    self.date = date
    self.source = source
  }

  /// List prices, of each model the last one last (reference/costs.md, section 1.3).
  public static let all: [ListPrice] = [
    ListPrice(
      model: "deepseek-v2",
      hit: nil,
      miss: 0.14,
      output: 0.28,
      date: "May 2024",
      source: "price figure of the V2 repository"
    ),
    ListPrice(
      model: "deepseek-v3",
      hit: 0.014,
      miss: 0.14,
      output: 0.28,
      date: "to 8 February 2025",
      source: "DeepSeek's pricing page; yuan seen, dollars from memory"
    ),
    ListPrice(
      model: "deepseek-v3",
      hit: 0.07,
      miss: 0.27,
      output: 1.10,
      date: "9 February 2025",
      source: "DeepSeek's pricing page"
    ),
    ListPrice(
      model: "deepseek-r1",
      hit: 0.14,
      miss: 0.55,
      output: 2.19,
      date: "20 January 2025",
      source: "DeepSeek's pricing page"
    ),
    ListPrice(
      model: "deepseek-v3.2",
      hit: 0.028,
      miss: 0.28,
      output: 0.42,
      date: "late 2025",
      source: "price tables of clients, 9 December 2025"
    ),
    ListPrice(
      model: "gpt-4o",
      hit: 1.25,
      miss: 2.50,
      output: 10,
      date: "January 2025",
      source: "OpenAI's price list as carried in clients"
    ),
    ListPrice(
      model: "o1",
      hit: 7.50,
      miss: 15,
      output: 60,
      date: "January 2025",
      source: "OpenAI's price list as carried in clients"
    ),
  ]

  /// The last price of a model, nil where none is known.
  public static func last(of model: String) -> ListPrice? { all.last { $0.model == model } }

  /// US dollars for a million tokens of input of which a share lies in a cache.
  public func input(hitShare: Double) -> Double {
    (1 - hitShare) * miss + hitShare * (hit ?? miss)
  }
}
