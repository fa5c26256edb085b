// SPDX-License-Identifier: Apache-2.0

/// Random damage to a text, for tests that a reader reads or refuses whatever comes.
public enum TextDamage {
  /// Damages a text in one to three places.
  ///
  /// - Parameters:
  ///   - text: What is damaged.
  ///   - words: What is put in, beside what stands there.
  ///   - round: The damage's seed; the same one does the same.
  /// - Returns: The damaged bytes, which may be no UTF-8.
  public static func bytes(_ text: String, words: [String], round: Int) -> [UInt8] {
    var generator = SplitMix64(seed: UInt64(round))
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      default:
        let word = words.randomElement(using: &generator) ?? ""
        bytes.insert(contentsOf: word.utf8, at: place)
      }
    }
    return bytes
  }

  /// What YAML's parser looks out for.
  public static let wordsOfYAML = [
    "&a ", "*a", "? ", "- ", ": ", "!!map ", "|\n", "{", "[", "}", "%YAML 1.2\n---\n",
  ]
}
