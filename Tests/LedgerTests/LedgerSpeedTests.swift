// SPDX-License-Identifier: Apache-2.0

import Ledger
import Testing

/// How long a ledger takes to verify.
@Suite struct LedgerSpeedTests {
  @Test func `a hundred thousand rows take seconds at most`() throws {
    var head = LedgerHead.start
    var bytes: [UInt8] = []
    for number in 1...100_000 {
      let row = ChainedRow(.sample(number), writer: "train", after: head)
      bytes += row.line + [UInt8(ascii: "\n")]
      head = row.head
    }
    let clock = ContinuousClock()
    let start = clock.now
    #expect(LedgerVerification(bytes).head == head)
    #expect(clock.now - start < .seconds(10))
  }
}
