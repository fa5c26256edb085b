// SPDX-License-Identifier: Apache-2.0

/// The seeds of the samples of an evaluation, made of one number.
///
/// A sample's seed depends on its place alone: with fewer questions, or another batch, it is the same.
public enum SampleSeed {
  /// The seed of one sample.
  ///
  /// - Parameters:
  ///   - seed: The evaluation's number.
  ///   - question: The 0-based place of the question in its task.
  ///   - sample: The 0-based number of the sample.
  /// - Returns: Below 2⁵³, so that the number survives every JSON reader.
  public static func of(_ seed: UInt64, question: Int, sample: Int) -> UInt64 {
    let place = mixed(seed) ^ UInt64(truncatingIfNeeded: question)
    return mixed(mixed(place) ^ UInt64(truncatingIfNeeded: sample)) >> 11
  }

  /// The output function of SplitMix64: Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom
  /// Number Generators", figure 17 with the constants of its successor, Vigna's splitmix64.c.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
