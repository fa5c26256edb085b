// SPDX-License-Identifier: Apache-2.0

import JSON
import Storage

/// What is left to the holder of a key, in the form of DeepSeek's `/user/balance`.
enum KeyBalance {
  /// The balance of a caller; without amounts where nothing was paid beforehand.
  static func json(_ key: APIKey?) -> JSONText {
    let infos = key?.balance.map { balance -> JSONText in
      // All of it was paid; nothing is given away here.
      .object([
        ("currency", .string("USD")), ("total_balance", .string(balance.description)),
        ("granted_balance", .string(Money(picodollars: 0).description)),
        ("topped_up_balance", .string(balance.description)),
      ])
    }
    return .object([
      ("is_available", .boolean(!(key?.isUsedUp ?? false))),
      ("balance_infos", .array(infos.map { [$0] } ?? [])),
    ])
  }
}
