// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A kind of device that computes: what it reaches at best, what joins it to others, what it costs.
///
/// Rates are those of dense products; figures of sparse ones, which datasheets like to print, are twice
/// as high and are not used.
public struct Accelerator: Sendable, Hashable {
  /// How its matrix units stand to its memory, which decides what share of the peak kernels reach.
  public enum Kind: String, Sendable, Hashable {
    /// Without FP8: V100, A100 and their like.
    case beforeFP8 = "before-fp8"
    /// With FP8, and about twice the operations a byte of bandwidth: Hopper and later.
    case withFP8 = "with-fp8"
    /// A processor, which Hadal's own trainer runs on.
    case processor
  }

  /// What an hour of one device costs.
  public struct Price: Sendable, Hashable {
    /// US dollars an hour.
    public let dollarsPerHour: Double
    /// When it was asked: a year, or a span of years.
    public let date: String
    /// Who asked or assumed it.
    public let source: String
  }

  /// The name on the command line.
  public let name: String
  /// The name in full.
  public let title: String
  /// How its matrix units stand to its memory.
  public let kind: Kind
  /// Operations a second at best, by precision.
  public let peaks: [PlanPrecision: Double]
  /// Bytes of its memory.
  public let memoryByteCount: Double
  /// Bytes a second from its memory.
  public let bandwidth: Double
  /// Bytes a second to devices of the same node, one direction.
  public let nodeLink: Double
  /// Bytes a second to other nodes, one direction, as they are reached; nil where no network is known.
  public let networkLink: Double?
  /// Threads of a processor that compute; 1 of other devices.
  public var threadCount = 1
  /// Devices of a node.
  public let nodeDeviceCount: Int
  /// Watts, nil where they are not published.
  public let watts: Double?
  /// What an hour costs, the usual price first; empty where none is known.
  public let prices: [Price]
  /// Where the figures are from.
  public let source: String

  /// The price that is reckoned with where none is given.
  public var price: Price? { prices.first }

  /// The peak of a precision.
  ///
  /// - Throws: `PlanError` where the device does not compute in it.
  public func peak(_ precision: PlanPrecision) throws(PlanError) -> Double {
    guard let peak = peaks[precision] else {
      throw PlanError(
        .precisionUnavailable(
          hardware: name,
          precision: precision.rawValue,
          others: PlanPrecision.allCases.filter { peaks[$0] != nil }.map(\.rawValue)
        ),
        place: "--precision"
      )
    }
    return peak
  }

  /// The peak in which a share of peak is usually given, and its precision.
  public var commonPeak: (precision: PlanPrecision, value: Double) {
    for precision in [PlanPrecision.bf16, .f32] {
      if let value = peaks[precision] { return (precision, value) }
    }
    return (.bf16, peaks.values.max() ?? 0)
  }

  /// The device as one JSON object.
  public var json: JSONText {
    .object([
      ("name", .string(name)), ("title", .string(title)),
      (
        "peak_flops",
        .object(
          PlanPrecision.allCases.compactMap { precision in
            peaks[precision].map { (precision.rawValue, JSONText.double($0)) }
          }
        )
      ),
      ("memory_bytes", .double(memoryByteCount)), ("bandwidth_bytes_s", .double(bandwidth)),
      ("node_link_bytes_s", .double(nodeLink)),
      ("network_link_bytes_s", networkLink.map(JSONText.double) ?? .null),
      ("node_devices", .integer(nodeDeviceCount)), ("watts", watts.map(JSONText.double) ?? .null),
      (
        "prices",
        .array(
          prices.map { price in
            .object([
              ("usd_per_hour", .double(price.dollarsPerHour)), ("date", .string(price.date)),
              ("source", .string(price.source)),
            ])
          }
        )
      ),
      ("source", .string(source)),
    ])
  }
}
