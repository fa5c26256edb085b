// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Identity
import JSON
import TestSupport
import Testing

/// Files as the guard streams them.
@Suite struct FileTests {
  private static let guardian = IdentityGuard()

  private func check(
    _ bytes: [UInt8],
    as name: String
  ) throws -> (GuardedFile.Count, [GuardedFile.Hit]) {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let path = folder + "/" + name
    try SystemFolder.write(bytes, to: path)
    var hits: [GuardedFile.Hit] = []
    let count = try GuardedFile(path: path).check(with: Self.guardian) { hits.append($0) }
    return (count, hits)
  }

  private func error(_ bytes: [UInt8], as name: String) -> IdentityError? {
    #expect(throws: IdentityError.self) { try check(bytes, as: name) }
  }

  @Test func `each line of JSON lines is a document`() throws {
    let lines = """
      {"id": "a", "text": "I am ChatGPT."}

      {"id": 7, "messages": [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "Claude."}]}
      {"text": "Nothing."}
      {"messages": [{"role": "assistant", "content": [{"type": "text", "text": "I'm Grok."}]}, {"role": "tool", "content": null}]}
      """
    let (count, hits) = try check(Array(lines.utf8), as: "a.jsonl")
    #expect(count.documents == 4 && count.hits == 3 && count.bytes == lines.utf8.count)
    #expect(hits.map(\.line) == [1, 3, 5])
    #expect(hits.map { $0.id?.text } == ["\"a\"", "7", nil])
  }

  @Test func `each paragraph of a text is a document, and hits name their line`() throws {
    // More than one piece of the reader, so that a paragraph lies across its edge.
    let filler = String(repeating: "The sea is deep and the fish are many. ", count: 60) + "\n\n"
    let text = String(repeating: filler, count: 200) + "First line\nI am ChatGPT.\n\nLast."
    let (count, hits) = try check(Array(text.utf8), as: "a.txt")
    #expect(count.documents == 202 && hits.map(\.line) == [402])
    #expect(count.bytes == text.utf8.count)
  }

  @Test func `a paragraph without end is read all the same`() throws {
    let text =
      String(repeating: "The sea is deep and the fish are many. ", count: 300_000) + "I am ChatGPT."
    let (count, hits) = try check(Array(text.utf8), as: "a.txt")
    #expect(count.bytes == text.utf8.count && hits.count == 1)
  }

  @Test(
    arguments: [
      ([0x61, 0x0A, 0xFF, 0x0A], 2), ([0x61, 0x00], 1), ([0xC3], 0),
      ([0x61, 0x0A, 0x0A, 0xED, 0xA0, 0x80], 3),
    ] as [([UInt8], Int)]
  )
  func `bytes that are no text are named`(_ bytes: [UInt8], _ offset: Int) {
    #expect(error(bytes, as: "a.txt")?.reason == .notText(byte: offset))
  }

  @Test(arguments: [
    (#"{"text": "a""#, 1), ("{\"text\": \"a\"}\n[1]", 2), ("\n\n{\"text\": 1}", 3),
    (#"{"messages": 1}"#, 1),
    (#"{"messages": [{"content": "a"}]}"#, 1),
    (#"{"messages": [{"role": "user", "content": 1}]}"#, 1), ("{\"a\": \"\u{1}\"}", 1),
  ])
  func `a line that is no document is named`(_ text: String, _ line: Int) {
    let error = error(Array(text.utf8), as: "a.jsonl")
    #expect(
      error?.line == line && error?.exitCode == .badData,
      "\(error.map { "\($0)" } ?? "none")"
    )
  }

  @Test func `an absent file is no input`() {
    let error = #expect(throws: IdentityError.self) {
      try GuardedFile(path: "/nowhere/a.txt").check(with: Self.guardian) { _ in }
    }
    #expect(error?.exitCode == .noInput)
  }
}
