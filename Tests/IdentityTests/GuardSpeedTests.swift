// SPDX-License-Identifier: Apache-2.0

import Identity
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How fast ordinary text is read, and that nothing in it is a hit.
///
/// Method: the processor time of this thread over all texts of the oracles, which a busy machine does
/// not lengthen; the best of three rounds.
@Suite struct GuardSpeedTests {
  private static let languages = ["ar", "de", "en", "es", "fr", "hi", "zh"]

  private static var threadSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `ordinary text is read at 100 MB a second and holds no hit`() throws {
    let folder = (Oracles.folder ?? "") + "/text/"
    let files = try Self.languages.flatMap { language in
      try SystemFolder.names(in: folder + language).map { folder + language + "/" + $0 }
    }
    let guardian = IdentityGuard()
    var best = 0.0
    for _ in 0..<3 {
      let start = Self.threadSeconds
      var count = GuardedFile.Count()
      for file in files {
        count += try GuardedFile(path: file).check(with: guardian) { hit in
          Issue.record("\(file):\(hit.line): \(hit.hit.text)")
        }
      }
      #expect(count.bytes > 10_000_000)
      best = max(best, Double(count.bytes) / (Self.threadSeconds - start) / 1e6)
    }
    print("guard: \(Int(best)) MB/s a thread")
    // The debug build is some twenty times slower; a release build on a slow machine some half.
    #if DEBUG
    let limit = 1.0
    #else
    let limit = 50.0
    #endif
    #expect(best > limit)
  }
}
