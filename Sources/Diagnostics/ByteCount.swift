// SPDX-License-Identifier: Apache-2.0

/// Bytes as a person reads them.
public enum ByteCount {
  /// Three digits or so and a unit, in powers of 1000: `6.8 GB`.
  public static func text(_ byteCount: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = Double(byteCount)
    var unit = 0
    // Not 1000, so that none is rounded to 1000.0.
    while value >= 999.95, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    if unit == 0 { return "\(byteCount) bytes" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}
