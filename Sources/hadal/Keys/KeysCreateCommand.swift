// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON
import Storage

/// `hadal keys create`.
struct KeysCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a key, and show its secret this once.",
    discussion: """
      Clients send the secret as 'Authorization: Bearer SECRET' or as 'x-api-key: SECRET'. Limits are
      looked at before an answer is begun: one that goes beyond them is finished, and the next request
      is refused. Prices are US dollars for a million tokens; with them every answer has its
      price, and with a balance it is taken from what was paid.

        hadal keys create anna
        hadal keys create ci --concurrency 4 --token-budget 2000000
        hadal keys create shop --prices 0.028,0.28,0.42 --balance 20
      """
  )

  @Argument(help: "Whom or what the key is for.")
  var name: String

  @Option(help: "The most requests that are answered at once (default: as many as come).")
  var concurrency: Int?

  @Option(help: "The most tokens of prompts and answers in all (default: no bound).")
  var tokenBudget: Int?

  @Option(
    help: ArgumentHelp(
      """
      US dollars for a million tokens: of prompts found in the cache, of prompts computed, of answers \
      (default: free).
      """,
      valueName: "hit,miss,output"
    )
  )
  var prices: String?

  @Option(help: "US dollars that were paid beforehand, for --prices (default: no bound).")
  var balance: String?

  @OptionGroup var place: KeysPlaceOptions

  func validate() throws {
    // LIMIT: a line of a list; what a terminal would obey has no place in a name.
    guard (1...100).contains(name.count), name.unicodeScalars.allSatisfy(Self.isPrintable) else {
      throw ValidationError("NAME must be 1…100 characters of one line")
    }
    if let concurrency, !(1...100_000).contains(concurrency) {
      throw ValidationError("--concurrency is \(concurrency), but must be 1…100000")
    }
    // LIMIT: what a machine computes in thousands of years.
    if let tokenBudget, !(1...1_000_000_000_000_000).contains(tokenBudget) {
      throw ValidationError("--token-budget is \(tokenBudget), but must be 1…10^15")
    }
    _ = try limits()
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .unassigned, .surrogate: false
    case .format: !scalar.properties.isBidiControl
    default: true
    }
  }

  func run() throws {
    let (key, secret) = try place.open().create(name: name, limits: limits())
    if place.json {
      try Output.json(.object(KeyText.members(key) + [("secret", .string(secret.text))]))
    } else {
      try Output.line("\(secret.text)")
      Output.errorLine("key \(key.id) for \(key.name); its secret is not shown again")
    }
  }

  private func limits() throws -> APIKey.Limits {
    guard balance == nil || prices != nil else {
      throw ValidationError("--balance goes with --prices: without them nothing costs anything")
    }
    return APIKey.Limits(
      requestCount: concurrency,
      tokenCount: tokenBudget,
      prices: try prices.map(Self.prices),
      paid: try balance.map(Self.amount)
    )
  }

  private static func amount(_ text: String) throws -> Money {
    guard let money = Money(text), money.picodollars > 0 else {
      throw ValidationError("--balance is '\(text)', but must be US dollars up to 1000000")
    }
    return money
  }

  private static func prices(_ text: String) throws -> TokenPrices {
    let amounts = text.split(separator: ",", omittingEmptySubsequences: false)
      .compactMap { Money(String($0)) }
    guard amounts.count == 3, text.count(where: { $0 == "," }) == 2,
      let prices = TokenPrices(cacheHit: amounts[0], cacheMiss: amounts[1], output: amounts[2])
    else {
      throw ValidationError(
        "--prices is '\(text)', but must be three amounts up to 10000 with six digits behind the "
          + "point at most, like 0.028,0.28,0.42"
      )
    }
    return prices
  }
}
