// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// The thread that an actor works on.
@Suite struct ThreadExecutorTests {
  private actor Worker {
    private let executor: ThreadExecutor
    private var numbers: [Int] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor {
      unsafe executor.asUnownedSerialExecutor()
    }

    init() throws { executor = try ThreadExecutor() }

    func append(_ number: Int) -> [Int] {
      numbers.append(number)
      return numbers
    }
  }

  @Test func `work is done once each, one after the other`() async throws {
    let worker = try Worker()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<1000 { group.addTask { _ = await worker.append(number) } }
    }
    #expect(await worker.append(1000).sorted() == Array(0...1000))
  }

  // The last job may end the actor, its executor and so the thread on which it runs.
  @Test func `an actor that nobody keeps ends with its work`() async throws {
    for _ in 0..<200 {
      let worker = try Worker()
      Task { _ = await worker.append(1) }
    }
    let last = try Worker()
    #expect(await last.append(2) == [2])
  }
}
