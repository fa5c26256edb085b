// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct `A title` {
  private func title(of message: String) throws -> String {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let id = try store.create(model: "m").id
    _ = try store.add(.user, message, to: id, after: nil)
    return try store.load(id).title
  }

  @Test func `is the first message of the user, on one line`() throws {
    #expect(try title(of: "  What\n\tis\r\n this?  ") == "What is this?")
  }

  @Test func `stays when the user goes on`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let id = try store.create(model: "m").id
    let first = try store.add(.user, "first", to: id, after: nil)
    _ = try store.add(.user, "second", to: id, after: first.id)
    #expect(try store.load(id).title == "first")
  }

  @Test func `is cut at the end of a word where one is near`() throws {
    let words = "one two three four five six seven eight nine ten eleven twelve thirteen"
    #expect(try title(of: words) == "one two three four five six seven eight nine ten eleven…")
  }

  @Test(arguments: [
    String(repeating: "a", count: 61),
    // Clusters of consonants, viramas and vowel signs, without a space.
    String(repeating: "क्षेत्र", count: 40),
    String(repeating: "漢字", count: 50),
    // A family of four, a flag and a skin tone: seven, two and two scalars.
    String(repeating: "👨‍👩‍👧‍👦🇮🇳👍🏽", count: 40),
    String(repeating: "שלום־עולם", count: 20),
    String(repeating: "مرحبابالعالم", count: 20),
    String(repeating: "e\u{301}\u{323}", count: 70),
  ])
  func `is cut between characters`(_ message: String) throws {
    let title = try title(of: message)
    #expect(title.last == "…")
    #expect(title.count == 60)
    #expect(Array(message).starts(with: title.dropLast()))
  }

  @Test func `of sixty characters is not cut`() throws {
    let message = String(repeating: "字", count: 60)
    #expect(try title(of: message) == message)
  }

  @Test func `is short, however many marks a character has`() throws {
    let marks = String(repeating: "\u{336}", count: 100_000)
    #expect(try title(of: "a" + marks + "b").unicodeScalars.count <= 961)
    let cut = try title(of: String(repeating: "a" + marks.prefix(30), count: 60))
    #expect(cut.last == "…" && cut.unicodeScalars.count <= 961)
  }

  @Test func `cannot move the cursor or turn the direction of what follows`() throws {
    let hostile = "a\u{1B}[2Jb\u{7}\u{202E}c\u{2066}d\u{2069}\u{9B}e\u{FEFF}f\u{7F}"
    #expect(try title(of: hostile) == "a[2Jbcdef")
  }

  @Test func `may be empty where nothing shows`() throws {
    #expect(try title(of: " \n\u{1B}\u{202E}") == "")
  }

  @Test func `may be given, and then stays`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let id = try store.create(model: "m", title: " given\n").id
    _ = try store.add(.user, "first", to: id, after: nil)
    #expect(try store.load(id).title == "given")
  }
}
