// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct `An answer that streams` {
  private let folder: TemporaryFolder
  private let store: ConversationStore
  private let id: ConversationID
  private let question: MessageID

  init() throws {
    folder = try TemporaryFolder()
    store = try folder.store()
    id = try store.create(model: "m").id
    question = try store.add(.user, "question", to: id, after: nil).id
  }

  private func answer() throws -> Message { try #require(try store.load(id).messages.last) }

  @Test func `is there piece by piece`() throws {
    let writer = try store.beginAnswer(in: id, after: question, model: "n", seed: .max)
    var answer = try answer()
    #expect(answer.isBeingWritten && answer.content == "" && answer.reasoning == nil)
    #expect(answer.id == writer.message && answer.model == "n" && answer.seed == .max)
    try writer.append(reasoning: "Let ")
    try writer.append(content: "An", reasoning: "me see.")
    try writer.append()
    try writer.append(content: "swer 👍")
    try writer.append(content: "🏽.")
    answer = try self.answer()
    #expect(answer.isBeingWritten && answer.finish == nil)
    #expect(answer.content == "Answer 👍🏽." && answer.reasoning == "Let me see.")
  }

  @Test func `is put together at its end`() throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "An", reasoning: "Hm.")
    try writer.append(content: "swer")
    let figures = AnswerFigures(
      promptTokens: 12,
      completionTokens: 5,
      reasoningTokens: 2,
      reasoningSeconds: 0.25,
      prefillSeconds: 0.1,
      decodeSeconds: 1.5
    )
    try writer.finish(.length, figures: figures)
    let answer = try answer()
    #expect(!answer.isBeingWritten && answer.finish == .length && answer.figures == figures)
    #expect(answer.content == "Answer" && answer.reasoning == "Hm.")
    #expect(try folder.integer("SELECT count(*) FROM piece") == 0)
  }

  @Test func `has no reasoning where there was none`() throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "a")
    try writer.finish(.stop)
    #expect(try answer().reasoning == nil)
  }

  @Test func `keeps answers apart that stream together`() throws {
    let first = try store.beginAnswer(in: id, after: question)
    let second = try store.beginAnswer(in: id, after: question)
    for index in 0..<10 {
      try first.append(content: "a\(index)")
      try second.append(content: "b\(index)")
    }
    try first.finish(.stop)
    try second.append(content: "!")
    try second.finish(.stop)
    let contents = try store.load(id).messages.map(\.content)
    #expect(contents == ["question", "a0a1a2a3a4a5a6a7a8a9", "b0b1b2b3b4b5b6b7b8b9!"])
  }

  @Test func `is left alone by another store while its process lives`() throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "An")
    let other = try folder.store()
    #expect(try other.load(id).messages.last?.isBeingWritten == true)
    try writer.append(content: "swer")
    try writer.finish(.stop)
    #expect(try other.load(id).messages.last?.content == "Answer")
    #expect(try other.load(id).messages.last?.finish == .stop)
  }

  /// Makes the database believe that another process, or one before, wrote the answer.
  private func pretend(_ writer: String) throws {
    try folder.execute("UPDATE message SET writer = '\(writer)' WHERE writer IS NOT NULL")
  }

  // The greatest process id of Linux is 4,194,304; this process's own with another number stands
  // for one before with the same id.
  @Test(arguments: ["4194999:1", "own:1", "nonsense", ""])
  func `is marked as interrupted when its process is gone`(_ name: String) throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "An", reasoning: "Hm")
    try pretend(name.replacing("own", with: "\(ProcessID.own)"))
    let answer = try #require(try folder.store().load(id).path.last)
    #expect(!answer.isBeingWritten && answer.finish == .interrupted)
    #expect(answer.content == "An" && answer.reasoning == "Hm")
  }

  @Test func `of a process that lives is not marked`() throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "An")
    try pretend("1:1")
    #expect(try folder.store().load(id).path.last?.isBeingWritten == true)
  }

  @Test func `loses nothing where another took it for abandoned`() throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "An")
    try pretend("4194999:1")
    _ = try folder.store()
    try writer.append(content: "swe")
    // The process ends here without a word: the next one finds the rest.
    #expect(try folder.store().load(id).path.last?.content == "Answe")
    try writer.append(content: "r")
    try writer.finish(.stop)
    let answer = try answer()
    #expect(answer.content == "Answer" && answer.finish == .stop)
  }

  @Test func `ends with an error when its conversation is deleted`() throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "An")
    try folder.store().delete(id)
    let error = StorageError(.noSuchMessage(writer.message.number))
    #expect(throws: error) { try writer.append(content: "swer") }
    // A new message must not take the number, and with it the rest of the answer.
    let other = try store.converse("other", "one")
    #expect(throws: error) { try writer.append(content: "swer") }
    #expect(throws: error) { try writer.finish(.stop) }
    #expect(try store.load(other.id) == other)
  }
}
