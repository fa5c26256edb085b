// SPDX-License-Identifier: Apache-2.0

import Compute

/// What a processor at work is taken to draw where no meter can be read.
///
/// The figures are a whole server's watts at full load, memory and fans included, divided by its
/// hardware threads: means over the published results of SPECpower_ssj2008 of each generation, from
/// `output/coefficients-aws-use.csv` (column Max Watts) of Cloud Carbon Footprint's repository
/// ccf-coefficients at commit b0032d928c78, rounded to hundredths. Which processor is of which
/// generation is taken from `data/cpus.yaml` of the repository kepler at commit dc47e002a395.
public enum ProcessorPower {
  private struct Generation {
    let vendor: String
    let family: Int
    let models: Set<Int>
    var steppings = 0...Int.max
    let wattsPerThread: Double
  }

  private static let generations = [
    // EPYC, first to fourth generation.
    Generation(vendor: "AuthenticAMD", family: 23, models: [1], wattsPerThread: 2.60),
    Generation(vendor: "AuthenticAMD", family: 23, models: [49], wattsPerThread: 1.69),
    Generation(vendor: "AuthenticAMD", family: 25, models: [1], wattsPerThread: 1.96),
    Generation(vendor: "AuthenticAMD", family: 25, models: [17], wattsPerThread: 2.28),
    // Xeon: Haswell, Broadwell, Skylake, Cascade Lake, Ice Lake, Sapphire, Emerald, Granite Rapids.
    Generation(vendor: "GenuineIntel", family: 6, models: [63], wattsPerThread: 5.60),
    Generation(vendor: "GenuineIntel", family: 6, models: [79, 86], wattsPerThread: 3.69),
    Generation(
      vendor: "GenuineIntel",
      family: 6,
      models: [85],
      steppings: 0...4,
      wattsPerThread: 4.10
    ),
    Generation(
      vendor: "GenuineIntel",
      family: 6,
      models: [85],
      steppings: 5...7,
      wattsPerThread: 4.06
    ),
    Generation(vendor: "GenuineIntel", family: 6, models: [106, 108], wattsPerThread: 3.76),
    Generation(vendor: "GenuineIntel", family: 6, models: [143], wattsPerThread: 4.16),
    Generation(vendor: "GenuineIntel", family: 6, models: [207], wattsPerThread: 4.48),
    Generation(vendor: "GenuineIntel", family: 6, models: [173], wattsPerThread: 2.53),
  ]

  /// The watts of one hardware thread of this machine; nil where its kind is unknown.
  public static var wattsPerThread: Double? {
    SystemFile.text("/proc/cpuinfo").flatMap(wattsPerThread)
  }

  /// The watts of one hardware thread of the machine that a text of `/proc/cpuinfo` describes.
  package static func wattsPerThread(_ information: String) -> Double? {
    var fields: [Substring: Substring] = [:]
    for line in information.split(separator: "\n", maxSplits: 64) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let name = parts[0].split(separator: "\t").first else {
        continue
      }
      // The first processor's fields stand first; machines of unequal ones are not servers.
      if fields[name] == nil { fields[name] = parts[1].drop { $0 == " " } }
    }
    guard let vendor = fields["vendor_id"], let family = fields["cpu family"].flatMap({ Int($0) }),
      let model = fields["model"].flatMap({ Int($0) })
    else { return nil }
    let stepping = fields["stepping"].flatMap { Int($0) } ?? 0
    return generations.first { generation in
      generation.vendor == vendor && generation.family == family
        && generation.models.contains(model) && generation.steppings.contains(stepping)
    }?.wattsPerThread
  }
}
