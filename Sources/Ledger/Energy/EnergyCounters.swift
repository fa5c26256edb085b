// SPDX-License-Identifier: Apache-2.0

import Compute

/// The energy that processors and their memory have taken, as the machine's own meters say: RAPL, as
/// Linux shows it under `/sys/class/powercap` (Documentation/power/powercap/powercap.rst of the kernel).
///
/// The meters are the whole machine's: what other programs take meanwhile is in them. Since 2020 most
/// systems let the superuser alone read them (CVE-2020-8694).
public struct EnergyCounters: Sendable {
  /// A meter: microjoules that rise to a bound and begin at 0 again.
  private struct Zone: Sendable {
    let file: String
    let range: Double
    var last: Double
  }

  private var zones: [Zone]
  private let read: @Sendable (String) -> String?
  /// Joules since the meters were opened, as far as they were read.
  public private(set) var joules = 0.0

  /// Opens the meters of this machine; nil where it has none that can be read.
  public init?() { self.init(folder: "/sys/class/powercap", read: SystemFile.text) }

  /// Opens the meters below a folder.
  package init?(folder: String, read: @escaping @Sendable (String) -> String?) {
    guard let names = try? FileKind.names(inFolder: folder) else { return nil }
    self.read = read
    zones = names.compactMap { name in
      // `intel-rapl:0` is a package, `intel-rapl:0:2` a part of it. Memory is no part of a package's
      // meter; cores are, and `psys`, the whole board, holds them all.
      let parts = name.split(separator: ":")
      guard parts.first == "intel-rapl", (2...3).contains(parts.count) else { return nil }
      let kind = read("\(folder)/\(name)/name")?.prefix { !$0.isNewline } ?? ""
      guard parts.count == 2 ? kind.hasPrefix("package") : kind == "dram" else { return nil }
      let file = "\(folder)/\(name)/energy_uj"
      guard let last = Self.number(read(file)),
        let range = Self.number(read("\(folder)/\(name)/max_energy_range_uj"))
      else { return nil }
      return Zone(file: file, range: range, last: last)
    }
    guard !zones.isEmpty else { return nil }
  }

  /// Reads the meters; once in some minutes at least, so that none comes round twice unseen.
  ///
  /// A processor of 300 W passes the usual bound of 262 kJ in 15 minutes.
  public mutating func sample() {
    for index in zones.indices {
      guard let now = Self.number(read(zones[index].file)) else { continue }
      var step = now - zones[index].last
      if step < 0 { step += zones[index].range }
      zones[index].last = now
      joules += max(step, 0) / 1e6
    }
  }

  private static func number(_ text: String?) -> Double? {
    guard let digits = text?.prefix(while: { !$0.isNewline }), let value = Double(digits),
      value >= 0
    else { return nil }
    return value
  }
}
