// SPDX-License-Identifier: Apache-2.0

import Ledger
import Synchronization
import TestSupport
import Testing

/// Meters, estimates and prices.
@Suite struct EnergyTests {
  /// A machine's folder of meters whose figures a test sets.
  private final class Meters: Sendable {
    let folder: LedgerFolder
    private let texts: Mutex<[String: String]>

    init(_ zones: [String: (name: String, range: Int)]) throws {
      folder = try LedgerFolder()
      var texts: [String: String] = [:]
      for (zone, facts) in zones {
        // The files are there as names alone; what they hold is said below.
        try SystemFolder.write([], to: "\(folder.path)/\(zone)/energy_uj")
        texts["\(zone)/name"] = facts.name + "\n"
        texts["\(zone)/max_energy_range_uj"] = "\(facts.range)\n"
        texts["\(zone)/energy_uj"] = "0\n"
      }
      self.texts = Mutex(texts)
    }

    func set(_ zone: String, _ microjoules: Int?) {
      texts.withLock { $0["\(zone)/energy_uj"] = microjoules.map { "\($0)\n" } }
    }

    func open() -> EnergyCounters? {
      EnergyCounters(folder: folder.path) { path in
        self.texts.withLock { $0[String(path.dropFirst(self.folder.path.count + 1))] }
      }
    }
  }

  private func machine() throws -> Meters {
    try Meters([
      "intel-rapl:0": ("package-0", 1_000_000_000), "intel-rapl:0:0": ("core", 1_000_000_000),
      "intel-rapl:0:1": ("dram", 500_000_000), "intel-rapl:1": ("psys", 1_000_000_000),
      "intel-rapl-mmio:0": ("package-0", 1_000_000_000), "intel-rapl": ("", 1),
    ])
  }

  @Test func `packages and their memory are added, parts and the whole board are not`() throws {
    let meters = try machine()
    var counters = try #require(meters.open())
    meters.set("intel-rapl:0", 3_000_000)
    meters.set("intel-rapl:0:0", 2_000_000)
    meters.set("intel-rapl:0:1", 500_000)
    meters.set("intel-rapl:1", 9_000_000)
    meters.set("intel-rapl-mmio:0", 3_000_000)
    counters.sample()
    #expect(counters.joules == 3.5)
  }

  @Test func `a meter that comes round goes on, and one that fails stands still`() throws {
    let meters = try machine()
    meters.set("intel-rapl:0", 999_000_000)
    var counters = try #require(meters.open())
    meters.set("intel-rapl:0", 1_500_000)
    counters.sample()
    #expect(counters.joules == 2.5)
    meters.set("intel-rapl:0", nil)
    counters.sample()
    #expect(counters.joules == 2.5)
    meters.set("intel-rapl:0", 2_500_000)
    counters.sample()
    #expect(counters.joules == 3.5)
  }

  @Test func `a machine without meters that can be read has none`() throws {
    #expect(EnergyCounters(folder: "/nowhere", read: { _ in "1" }) == nil)
    let meters = try machine()
    meters.set("intel-rapl:0", nil)
    meters.set("intel-rapl:0:1", nil)
    #expect(meters.open() == nil)
  }

  @Test func `a row has what was measured since the one before, else an estimate`() throws {
    let meters = try machine()
    let basis = CostBasis(watts: 100, price: .perKilowattHour(0.36))
    var meter = CostMeter(basis, counters: meters.open())
    meters.set("intel-rapl:0", 5_000_000)
    meter.begin()
    meters.set("intel-rapl:0", 7_000_000)
    var row = LedgerRow.sample(1)
    meter.account(for: &row)
    #expect(row.joules == 2 && row.energySource == .measured)
    #expect(row.dollars == 2 / 3.6e6 * 0.36 && row.prices == "0.36 USD/kWh")
    meters.set("intel-rapl:0", 10_000_000)
    meter.account(for: &row)
    #expect(row.joules == 3)

    var estimating = CostMeter(basis, counters: nil)
    row = .sample(1)
    estimating.account(for: &row)
    #expect(row.joules == 150 && row.energySource == .estimated)
    var unknowing = CostMeter(CostBasis(price: .perKilowattHour(1)), counters: nil)
    row = .sample(1)
    unknowing.account(for: &row)
    #expect(row.joules == nil && row.energySource == .none && row.dollars == nil)
    #expect(row.prices == nil)
    var rented = CostMeter(CostBasis(price: .perHour(7.2)), counters: nil)
    rented.account(for: &row)
    #expect(row.dollars == 1.5 / 3600 * 7.2 && row.prices == "7.2 USD/h")
  }

  @Test(
    arguments: [
      ("AuthenticAMD", 25, 17, 1, 2.28), ("AuthenticAMD", 23, 49, 0, 1.69),
      ("GenuineIntel", 6, 85, 4, 4.10), ("GenuineIntel", 6, 85, 7, 4.06),
      ("GenuineIntel", 6, 85, 11, nil), ("GenuineIntel", 25, 17, 1, nil),
    ] as [(String, Int, Int, Int, Double?)]
  )
  func `a processor's watts are those of its generation`(
    _ vendor: String,
    _ family: Int,
    _ model: Int,
    _ stepping: Int,
    _ watts: Double?
  ) {
    let information = """
      processor\t: 0
      vendor_id\t: \(vendor)
      cpu family\t: \(family)
      model\t\t: \(model)
      model name\t: EPYC : Xeon
      stepping\t: \(stepping)
      """
    #expect(ProcessorPower.wattsPerThread(information) == watts)
    #expect(ProcessorPower.wattsPerThread("") == nil)
  }
}
