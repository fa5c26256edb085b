// SPDX-License-Identifier: Apache-2.0

import Identity
import JSON
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
    let best = try Self.rate(of: Self.texts(), name: "text")
    #expect(best > Self.limit)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `JSON lines are read at 100 MB a second, parsing included`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    var lines: [UInt8] = []
    for file in try Self.texts() {
      // Documents of some thousand bytes, cut between paragraphs.
      let text = String(decoding: try Oracles.bytes(at: file), as: UTF8.self)
      var part = ""
      for paragraph in text.split(separator: "\n\n") {
        part += paragraph + "\n\n"
        guard part.utf8.count > 4_000 else { continue }
        JSONText.object([("text", .string(part))]).write(to: &lines)
        lines.append(0x0A)
        part = ""
      }
    }
    try SystemFolder.write(lines, to: folder + "/texts.jsonl")
    let best = try Self.rate(of: [folder + "/texts.jsonl"], name: "JSON lines")
    #expect(best > Self.limit)
  }

  private static func texts() throws -> [String] {
    let folder = (Oracles.folder ?? "") + "/text/"
    return try languages.flatMap { language in
      try SystemFolder.names(in: folder + language).map { folder + language + "/" + $0 }
    }
  }

  /// The best of three rounds, in MB a second.
  private static func rate(of files: [String], name: String) throws -> Double {
    let guardian = IdentityGuard()
    var best = 0.0
    for _ in 0..<3 {
      let start = threadSeconds
      var count = GuardedFile.Count()
      for file in files {
        count += try GuardedFile(path: file).check(with: guardian) { hit in
          Issue.record("\(file):\(hit.line): \(hit.hit.text)")
        }
      }
      #expect(count.bytes > 10_000_000)
      best = max(best, Double(count.bytes) / (threadSeconds - start) / 1e6)
    }
    print("guard, \(name): \(Int(best)) MB/s a thread")
    return best
  }

  // The debug build is some twenty times slower; a release build on a slow machine some half.
  #if DEBUG
  private static let limit = 1.0
  #else
  private static let limit = 50.0
  #endif
}
