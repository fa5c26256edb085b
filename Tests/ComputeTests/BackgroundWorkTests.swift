// SPDX-License-Identifier: Apache-2.0

import Compute
import Synchronization
import Testing

@Suite struct BackgroundWorkTests {
  @Test func `work goes on beside its caller, who has its value when it ends`() throws {
    let steps = Atomic(0)
    let work = try BackgroundWork {
      while steps.load(ordering: .acquiring) == 0 {}
      return 42
    }
    // It could not end before: it waits for its caller.
    steps.store(1, ordering: .releasing)
    #expect(work.wait() == 42)
    #expect(work.wait() == 42, "and again")
  }

  @Test func `work whose value nobody takes is waited for`() throws {
    let isDone = Atomic(false)
    do {
      _ = try BackgroundWork { isDone.store(true, ordering: .releasing) }
    }
    let wasDone = isDone.load(ordering: .acquiring)
    #expect(wasDone)
  }
}
