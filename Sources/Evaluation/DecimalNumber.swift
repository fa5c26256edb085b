// SPDX-License-Identifier: Apache-2.0

/// A number as its decimal digits, compared exactly: 3.5 is 3.50, and 0.1 + 0.2 is not in question.
public struct DecimalNumber: Sendable, Hashable, CustomStringConvertible {
  /// The digits without needless zeros: `-3.5`, `1234`, `0`.
  public let text: String

  /// The digits.
  public var description: String { text }

  /// Creates a number of its parts.
  ///
  /// - Parameters:
  ///   - isNegative: Whether it is below zero; zero has no sign.
  ///   - integer: The ASCII digits before the point; none is 0.
  ///   - fraction: The ASCII digits behind it.
  init(isNegative: Bool, integer: some StringProtocol, fraction: some StringProtocol) {
    var behind = Substring(fraction)
    while behind.last == "0" { behind.removeLast() }
    let before = integer.drop { $0 == "0" }
    let digits = (before.isEmpty ? "0" : String(before)) + (behind.isEmpty ? "" : "." + behind)
    text = isNegative && digits != "0" ? "-" + digits : digits
  }

  /// Creates an integer.
  public init(_ value: Int) { text = String(value) }

  /// Reads a number that is the whole of a text: `-12`, `3.50`.
  ///
  /// - Returns: Nil for anything else, exponents and thousands separators included.
  public init?(_ text: String) {
    let bytes = text.utf8
    let isNegative = bytes.first == UInt8(ascii: "-")
    let parts = text.dropFirst(isNegative ? 1 : 0)
      .split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy(Self.isDigits) else { return nil }
    self.init(isNegative: isNegative, integer: parts[0], fraction: parts.count > 1 ? parts[1] : "")
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
