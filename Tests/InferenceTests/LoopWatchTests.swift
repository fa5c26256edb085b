// SPDX-License-Identifier: Apache-2.0

import Inference
import TestSupport
import Testing

/// Loops of known length behind a text without any, and texts that only look like loops.
@Suite struct LoopWatchTests {
  private func loop(_ ids: [Int32]) -> (place: Int, loop: LoopWatch.Loop)? {
    var watch = LoopWatch()
    for (place, id) in ids.enumerated() {
      if let loop = watch.append(id) { return (place, loop) }
    }
    return nil
  }

  /// Tokens that do not repeat within the longest loop.
  private func text(_ count: Int) -> [Int32] { (0..<count).map { Int32($0) } }

  @Test(arguments: [1, 2, 7, 32, 33, 100, 300, 512])
  func `a loop is found when it has come four times over 128 tokens`(_ period: Int) throws {
    for lead in [0, 1, 700] {
      let once = (0..<period).map { Int32(10_000 + $0) }
      let repeats = max(4, (128 + period - 1) / period)
      let ids = text(lead) + (0..<repeats).flatMap { _ in once }
      let found = try #require(loop(ids))
      #expect(found.loop.tokenCount == period)
      #expect(found.place == lead + max(4 * period, 128) - 1)
      #expect(found.loop.repeatCount == max(4 * period, 128) / period)
    }
  }

  @Test func `what repeats less is none`() {
    #expect(loop(text(3000)) == nil)
    #expect(loop([Int32](repeating: 5, count: 127)) == nil)
    let twice = text(300)
    #expect(loop(twice + twice + twice) == nil)
    // A list whose items differ in one token.
    let list = (0..<100).flatMap { item in (0..<20).map { Int32($0 == 9 ? 1000 + item : $0) } }
    #expect(loop(list) == nil)
    // Longer than the longest that is looked for.
    let long = text(513)
    #expect(loop(long + long + long + long + long) == nil)
  }

  @Test func `a loop that is left is forgotten`() {
    var watch = LoopWatch()
    for _ in 0..<127 { #expect(watch.append(7) == nil) }
    #expect(watch.append(8) == nil)
    for _ in 0..<127 { #expect(watch.append(7) == nil) }
    let found = watch.append(7)
    #expect(found?.tokenCount == 1 && found?.repeatCount == 128)
  }
}
