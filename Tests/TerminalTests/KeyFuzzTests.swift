// SPDX-License-Identifier: Apache-2.0

import Glibc
import Terminal
import TestSupport
import Testing

/// Random bytes, mixed with pieces of sequences.
///
/// Method: nothing crashes, nothing typed is a control character, and the keys are the same whether
/// the bytes come at once or in portions; `HADAL_LONG` makes it 100,000 inputs.
@Suite struct KeyFuzzTests {
  private static let pieces = [
    "\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}[1;", "5", ";", ":", "~", "A", "R", "u", "\u{1B}[200~",
    "\u{1B}[201~", "\u{1B}]", "\u{1B}P", "\u{7}", "\u{1B}\\", "\r", "\n", "a", "ä", "你", "👩‍💻",
    "[", "[[", "9999999999999999999", "<", "\u{9B}", "\u{7F}", "\u{0}",
  ]

  private static func input(_ generator: inout SplitMix64) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...12, using: &generator) {
      if Int.random(in: 0..<4, using: &generator) == 0 {
        bytes.append(UInt8.random(in: 0...255, using: &generator))
      } else {
        bytes += Array(pieces[Int.random(in: 0..<pieces.count, using: &generator)].utf8)
      }
    }
    return bytes
  }

  /// Text that came in portions is one text.
  private static func joined(_ keys: [Key]) -> [Key] {
    keys.reduce(into: []) { all, key in
      if case .text(let new) = key.symbol, key.modifiers.isEmpty, let last = all.last,
        case .text(let old) = last.symbol, last.modifiers.isEmpty
      {
        all[all.count - 1] = .text(old + new)
      } else {
        all.append(key)
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `any bytes are keys, however they are divided`() {
    let count = unsafe getenv("HADAL_LONG") != nil ? 100_000 : 20_000
    for seed in 0..<UInt64(count) {
      var generator = SplitMix64(seed: seed)
      let bytes = Self.input(&generator)
      var whole = KeyDecoder()
      let keys = Self.joined(whole.decode(bytes) + whole.timeOut())
      #expect(whole.patience == nil)
      var divided = KeyDecoder()
      var parts: [Key] = []
      var position = 0
      while position < bytes.count {
        let end = min(position + Int.random(in: 1...4, using: &generator), bytes.count)
        parts += divided.decode(bytes[position..<end])
        position = end
      }
      parts += divided.timeOut()
      #expect(Self.joined(parts) == keys, "seed \(seed): \(bytes)")
      for case .text(let text) in keys.map(\.symbol) {
        let isControl = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        #expect(!isControl, "seed \(seed)")
      }
    }
  }
}
