// SPDX-License-Identifier: Apache-2.0

import GRDB

extension Row {
  /// The key that a row of `api_key` holds.
  ///
  /// - Throws: `StorageError` where a value is absent or of another kind.
  func apiKey(file: String) throws -> APIKey {
    func count(_ column: String) throws -> Int {
      try needed(integer(column), column, file: file)
    }
    return APIKey(
      id: try needed(text("id"), "id", file: file),
      name: try needed(text("name"), "name", file: file),
      created: Timestamp(milliseconds: try count("created")),
      revoked: integer("revoked").map(Timestamp.init(milliseconds:)),
      limits: APIKey.Limits(
        requestCount: integer("most_requests"),
        tokenCount: integer("most_tokens"),
        prices: try prices(file: file),
        paid: integer("paid").map(Money.init(picodollars:))
      ),
      answerCount: try count("answers"),
      used: TokenUse(
        cacheHits: try count("hit_tokens"),
        cacheMisses: try count("miss_tokens"),
        outputs: try count("output_tokens")
      ),
      spent: Money(picodollars: try count("spent"))
    )
  }

  /// The prices of a key; nil where it has none.
  private func prices(file: String) throws -> TokenPrices? {
    let columns = ["hit_price", "miss_price", "output_price"].map(integer)
    if columns.allSatisfy({ $0 == nil }) { return nil }
    return try needed(
      TokenPrices(perToken: columns[0], columns[1], columns[2]),
      "hit_price",
      file: file
    )
  }
}
