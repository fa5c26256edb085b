// SPDX-License-Identifier: Apache-2.0

/// The 95 % confidence interval of a rate, by Wilson's score.
///
/// E. B. Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference", Journal
/// of the American Statistical Association 22(158), pages 209–212. With p = k/n its bounds are
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Unlike p ± z √(p(1−p)/n) it says something at
/// rates of 0 and 1: 0 of 64 may still be 5.7 %.
public struct WilsonInterval: Sendable, Hashable {
  /// The lower bound, 0…1.
  public let low: Double
  /// The upper bound, 0…1.
  public let high: Double

  // The 0.975 quantile of the standard normal distribution.
  private static let z = 1.959963984540054

  /// Computes the interval of a count.
  ///
  /// - Parameters:
  ///   - count: How many were right, 0…total.
  ///   - total: How many there were; where there was none the interval is 0…1.
  /// - Precondition: `count` lies in 0…total.
  public init(_ count: Int, of total: Int) {
    precondition(total >= 0 && (0...total).contains(count))
    guard total > 0 else {
      (low, high) = (0, 1)
      return
    }
    let n = Double(total)
    let p = Double(count) / n
    let square = Self.z * Self.z
    let middle = p + square / (2 * n)
    let half = Self.z * (p * (1 - p) / n + square / (4 * n * n)).squareRoot()
    let scale = 1 + square / n
    // Rounding must not put a bound beyond what a rate can be, nor 0 of n above 0.
    low = count == 0 ? 0 : max(0, (middle - half) / scale)
    high = count == total ? 1 : min(1, (middle + half) / scale)
  }
}
