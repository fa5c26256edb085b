// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Ledger

/// What commands take that leave rows in the ledger.
struct LedgerOptions: ParsableArguments {
  @Flag(help: "Leave rows in the ledger (default).")
  var ledger = false

  @Flag(help: "Leave no row in the ledger.")
  var noLedger = false

  @Option(
    help: """
      Watts that the work draws, for the ledger's estimate where no meter can be read (default: by \
      the processor's kind and the threads).
      """
  )
  var watts: Double?

  @Option(help: "The price of a kilowatt-hour in US dollars, for the ledger.")
  var usdPerKwh: Double?

  @Option(help: "The price of an hour of this machine in US dollars, for the ledger.")
  var usdPerHour: Double?

  func validate() throws {
    if ledger, noLedger { throw ValidationError("--ledger and --no-ledger exclude each other") }
    if usdPerKwh != nil, usdPerHour != nil {
      throw ValidationError("--usd-per-kwh and --usd-per-hour exclude each other")
    }
    for (name, value) in [
      ("watts", watts), ("usd-per-kwh", usdPerKwh), ("usd-per-hour", usdPerHour),
    ] {
      // LIMIT: a power station's output, and a price that nobody pays: what is beyond is a slip.
      if let value, !(0...1e9).contains(value) {
        throw ValidationError("--\(name) is \(value), but must be 0…1000000000")
      }
    }
  }

  /// Whether rows are written.
  var isWanted: Bool { !noLedger }

  /// What energy and money are reckoned by, for work on some threads.
  func basis(threadCount: Int) -> CostBasis {
    CostBasis(
      watts: watts ?? ProcessorPower.wattsPerThread.map { $0 * Double(threadCount) },
      price: usdPerKwh.map { .perKilowattHour($0) } ?? usdPerHour.map { .perHour($0) }
    )
  }
}
