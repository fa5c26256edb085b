// SPDX-License-Identifier: Apache-2.0

/// Neighboring grains of work in chunks that become smaller: long runs of memory first, and threads
/// that end nearly together.
///
/// Twelve chunks a thread, of which the first four have 60 % of all grains, the next 30 and the last 10.
struct TaperedChunks {
  private static let chunksOfThread = 4
  /// The percentage of the grains before each third of the chunks.
  private static let percentBefore = [0, 60, 90, 100]

  private let grainCount: Int
  private let third: Int
  /// How many chunks there are.
  let count: Int

  init(grainCount: Int, threadCount: Int) {
    self.grainCount = grainCount
    third = threadCount * Self.chunksOfThread
    count = min(grainCount, 3 * third)
  }

  /// The grains of a chunk; with few grains each is a chunk.
  func grains(of chunk: Int) -> Range<Int> {
    guard count < grainCount else { return chunk..<chunk + 1 }
    return start(of: chunk)..<start(of: chunk + 1)
  }

  private func start(of chunk: Int) -> Int {
    guard chunk < count else { return grainCount }
    let index = chunk / third
    let share = Self.percentBefore[index + 1] - Self.percentBefore[index]
    let hundredths = Self.percentBefore[index] * third + share * (chunk % third)
    return grainCount * hundredths / (100 * third)
  }
}
