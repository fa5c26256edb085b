// SPDX-License-Identifier: Apache-2.0

import Evaluation
import JSON
import Testing

/// Intervals against values that are known.
///
/// Method: 5 of 8 and 0 of 64 are published figures, rounded as they are printed; the other bounds were
/// computed with another program (Python's decimals, 50 digits) from Wilson's formula.
@Suite struct WilsonIntervalTests {
  @Test(arguments: [
    (5, 8, 0.305_742_394_602_627_62, 0.863_155_714_176_407_26),
    (0, 64, 0, 0.056_624_059_792_805_33),
    (64, 64, 0.943_375_940_207_194_67, 1),
    (1, 1, 0.206_549_314_377_237_43, 1),
    (490, 500, 0.963_579_816_753_120_66, 0.989_100_816_403_789_19),
  ])
  func `the bounds are those of the formula`(
    _ count: Int,
    _ total: Int,
    low: Double,
    high: Double
  ) {
    let interval = WilsonInterval(count, of: total)
    #expect(abs(interval.low - low) < 1e-12, "\(interval)")
    #expect(abs(interval.high - high) < 1e-12, "\(interval)")
  }

  @Test func `nothing says nothing`() {
    #expect(WilsonInterval(0, of: 0).low == 0 && WilsonInterval(0, of: 0).high == 1)
  }

  @Test func `every interval lies in 0…1, holds its rate and mirrors that of the wrong answers`() {
    for total in 1...200 {
      for count in 0...total {
        let interval = WilsonInterval(count, of: total)
        let rate = Double(count) / Double(total)
        #expect(0 <= interval.low && interval.high <= 1, "\(count) of \(total)")
        #expect(interval.low <= rate && rate <= interval.high, "\(count) of \(total)")
        let mirror = WilsonInterval(total - count, of: total)
        #expect(abs(1 - mirror.high - interval.low) < 1e-12, "\(count) of \(total)")
      }
    }
  }

  @Test func `a result is the contract's object, its keys in order`() {
    let result = TaskResult(task: "sums", answerCount: 8, correctCount: 5, cutCount: 1)
    let interval = result.interval
    #expect(
      result.json.text
        == #"{"task":"sums","n":8,"correct":5,"rate":0.625,"low":\#(interval.low),"high":\#(interval.high)}"#
    )
    #expect(TaskResult(task: "none", answerCount: 0, correctCount: 0, cutCount: 0).rate == 0)
  }
}
