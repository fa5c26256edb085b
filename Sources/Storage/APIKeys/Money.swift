// SPDX-License-Identifier: Apache-2.0

/// An amount of US dollars, exact to a millionth of a millionth: what a token costs has no rounding.
public struct Money: Sendable, Hashable, Comparable, CustomStringConvertible {
  static let digitCount = 12
  /// One dollar.
  static let unit = 1_000_000_000_000
  // LIMIT: more than anybody pays in at once, and nine times less than the number holds.
  static let most = 1_000_000 * unit

  /// Millionths of a millionth of a dollar.
  public let picodollars: Int

  /// Creates an amount of millionths of a millionth of a dollar.
  public init(picodollars: Int) { self.picodollars = picodollars }

  /// Reads an amount as people write it, such as `12.50`: digits, and up to twelve behind a point.
  ///
  /// - Parameter text: The amount; nil comes of anything else, and of more than a million dollars.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy(Self.areDigits),
      let dollars = Int(parts[0]), dollars <= Self.most / Self.unit
    else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard fraction.count <= Self.digitCount else { return nil }
    let padding = String(repeating: "0", count: Self.digitCount - fraction.count)
    let amount = dollars * Self.unit + (Int(fraction + padding) ?? 0)
    guard amount <= Self.most else { return nil }
    picodollars = amount
  }

  private static func areDigits(_ part: Substring) -> Bool {
    (1...20).contains(part.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The amount with a point, and with two digits behind it at least: `12.50`, `0.000014`.
  public var description: String {
    let (dollars, rest) = picodollars.magnitude.quotientAndRemainder(dividingBy: UInt(Self.unit))
    let digits = String(rest)
    var fraction = String(repeating: "0", count: Self.digitCount - digits.count) + digits
    while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
    return (picodollars < 0 ? "-" : "") + "\(dollars).\(fraction)"
  }

  /// Whether the left amount is less than the right one.
  public static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }
}
