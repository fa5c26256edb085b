// SPDX-License-Identifier: Apache-2.0

import JSON
import Storage

/// Keys as people and scripts read them; never with a secret.
enum KeyText {
  /// What a script reads of a key; amounts are in US dollars, prices for a million tokens.
  static func members(_ key: APIKey) -> [(String, JSONText)] {
    [
      ("id", .string(key.id)), ("name", .string(key.name)),
      ("created", .string(key.created.description)),
      ("revoked", key.revoked.map { .string($0.description) } ?? .null),
      ("concurrency", key.limits.requestCount.map(JSONText.integer) ?? .null),
      ("token_budget", key.limits.tokenCount.map(JSONText.integer) ?? .null),
      ("prices", key.limits.prices.map(prices) ?? .null),
      ("paid", amount(key.limits.paid)), ("answers", .integer(key.answerCount)),
      (
        "tokens",
        .object([
          ("cache_hit", .integer(key.used.cacheHits)),
          ("cache_miss", .integer(key.used.cacheMisses)), ("output", .integer(key.used.outputs)),
        ])
      ),
      ("spent", amount(key.spent)), ("balance", amount(key.balance)),
    ]
  }

  private static func prices(_ prices: TokenPrices) -> JSONText {
    .object([
      ("cache_hit", amount(prices.cacheHit)), ("cache_miss", amount(prices.cacheMiss)),
      ("output", amount(prices.output)),
    ])
  }

  /// An amount as a text, as DeepSeek's API has amounts: a number would be read with rounding.
  private static func amount(_ money: Money?) -> JSONText {
    money.map { .string($0.description) } ?? .null
  }

  /// The rows of a list for people.
  static func table(_ keys: [APIKey]) -> LedgerTable {
    var table = LedgerTable(
      ["key", "created", "answers", "tokens", "of", "spent", "balance", "at once", "name"],
      leftColumns: [0, 1, 8]
    )
    for key in keys {
      table.append([
        key.id, String(key.created.description.prefix(10)), "\(key.answerCount)",
        LedgerText.figure(key.used.total), LedgerText.figure(key.limits.tokenCount),
        key.spent.description, key.balance?.description ?? LedgerText.unknown,
        key.limits.requestCount.map { "\($0)" } ?? LedgerText.unknown,
        key.name + (key.revoked.map { ", revoked \($0.description.prefix(10))" } ?? ""),
      ])
    }
    return table
  }
}
