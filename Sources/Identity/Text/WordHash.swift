// SPDX-License-Identifier: Apache-2.0

/// A hash of letters that can be joined: that of "chatgpt" follows from those of "chat" and "gpt".
struct WordHash: Hashable, Sendable {
  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

  private(set) var value: UInt64 = 0
  /// `factor` to the power of the count of letters.
  private(set) var power: UInt64 = 1

  init() {}

  /// The hash of a text's scalars.
  init(_ text: some StringProtocol) {
    for scalar in text.unicodeScalars { append(scalar.value) }
  }

  /// Takes one more letter.
  @inline(__always)
  mutating func append(_ scalar: UInt32) {
    value = value &* Self.factor &+ UInt64(scalar) &+ 1
    power = power &* Self.factor
  }

  /// The hash of a phrase that goes on with another word.
  @inline(__always)
  func followed(by next: WordHash) -> WordHash {
    var space = self
    space.append(0x20)
    return space.joined(next)
  }

  /// The hash of this text followed by another.
  @inline(__always)
  func joined(_ next: WordHash) -> WordHash {
    var joined = self
    joined.value = value &* next.power &+ next.value
    joined.power = power &* next.power
    return joined
  }
}
