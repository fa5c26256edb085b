// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import TestSupport
import Testing

/// A process that is killed anywhere loses nothing that it showed.
///
/// Method: a child stores piece by piece and writes each to a file once it is stored, as a terminal
/// shows it, answer after answer; another thread of it kills it at a moment drawn from a seed. What
/// the file holds must be what the answers begin with, and no more than one piece may follow.
@Suite struct `A killed process` {
  @Test(arguments: 1...16 as ClosedRange<UInt64>)
  func `loses nothing that it showed`(_ seed: UInt64) async throws {
    let folder = try TemporaryFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, seed = seed as UInt64] in
      try KilledWriter(path: path, seed: seed).run()
    }
    let shown = try String(decoding: folder.bytes("shown"), as: UTF8.self)
    let store = try folder.store()
    let conversation = try store.load(#require(try store.list().first).id)
    let answers = conversation.path.filter { $0.role == .assistant }
    let stored = answers.map { ($0.reasoning ?? "") + $0.content }.joined()
    #expect(!shown.isEmpty)
    #expect(stored.utf8.starts(with: shown.utf8), "seed \(seed)")
    #expect(stored.utf8.count - shown.utf8.count <= KilledWriter.longestPieceByteCount)
    #expect(answers.allSatisfy { !$0.isBeingWritten })
    #expect(answers.dropLast().allSatisfy { $0.finish == .stop })
    #expect([.stop, .interrupted].contains(answers.last?.finish))
    // Nothing that is found is half there.
    #expect(try store.search("Question 0").count == 1)
  }
}

/// What the child does until it is killed.
private struct KilledWriter {
  static let longestPieceByteCount = 64

  let path: String
  let seed: UInt64

  func run() throws {
    var generator = SplitMix64(seed: seed)
    let store = try ConversationStore(path: path + "/hadal.sqlite")
    let id = try store.create(model: "m").id
    #expect(FileManager.default.createFile(atPath: path + "/shown", contents: nil))
    let screen = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/shown"))
    var parent: MessageID?
    for index in 0... {
      parent = try store.add(.user, "Question \(index)", to: id, after: parent).id
      let writer = try store.beginAnswer(in: id, after: parent)
      // The pieces of the reasoning come before those of the content, as on the screen.
      for part in 0..<30 {
        let piece = Self.piece(using: &generator)
        if part < 10 {
          try writer.append(reasoning: piece)
        } else {
          try writer.append(content: piece)
        }
        try screen.write(contentsOf: Data(piece.utf8))
        if index == 0, part == 2 { killSoon(microseconds: UInt32(generator.next() % 40_000)) }
      }
      try writer.finish(.stop)
      parent = writer.message
    }
  }

  private static func piece(using generator: inout SplitMix64) -> String {
    let words = [" the", "漢字", "क्षि", "👍🏽", "\n", " \"x\"", "שלום", " antidisestablishmentarianism"]
    return words[Int(generator.next() % 8)]
  }

  private func killSoon(microseconds: UInt32) {
    Thread.detachNewThread {
      usleep(microseconds)
      ProcessID.killOwn()
    }
  }
}
