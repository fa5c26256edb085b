// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Inference
import TestSupport
import Testing

/// Answers that nobody wants any more.
///
/// Method: a model that would talk for ever is left after some pieces; then the engine's own count of
/// tokens must stand still, with nothing waiting or running.
@Suite struct CancellationTests {
  private static func endless() async throws -> KitScript {
    var script = ScriptedModel([.init("one two three four five six ", isEndless: true)])
    script.layerCount = 8
    script.contextLength = 1 << 16
    return try await KitScript(script)
  }

  /// Waits until nothing runs, and looks whether anything is computed afterwards.
  private static func expectQuiet(_ model: Model) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while await model.engine.statistics.runningCount > 0, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(2))
    }
    let before = await model.engine.statistics
    #expect(before.runningCount == 0 && before.waitingCount == 0)
    #expect(before.generatedCount < 60_000)
    try await Task.sleep(for: .milliseconds(100))
    #expect(await model.engine.statistics == before)
  }

  @Test func `a task that is cancelled computes nothing any more`() async throws {
    let script = try await Self.endless()
    let conversation = Conversation(script.model)
    let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      var count = 0
      for try await piece in conversation.send("Go.") where !piece.text.isEmpty {
        count += 1
        if count == 5 { beginning.finish() }
      }
      return count
    }
    for await _ in begun {}
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    try await Self.expectQuiet(script.model)
    #expect(await script.model.engine.statistics.cancelledCount == 1)
    #expect(conversation.messages.isEmpty)
  }

  @Test func `who leaves the loop computes nothing any more, and may ask again`() async throws {
    let script = try await Self.endless()
    let conversation = Conversation(script.model)
    var text = ""
    for try await piece in conversation.send("Go.") {
      text += piece.text
      if text.count > 20 { break }
    }
    #expect(text.hasPrefix("one two three"))
    try await Self.expectQuiet(script.model)
    let again = try await conversation.answer("Go.", options: AnswerOptions(maxTokens: 3))
    #expect(text.hasPrefix(again.text))
  }

  @Test func `one that waits is cancelled before it begins`() async throws {
    var script = ScriptedModel([.init("one two three four five six ", isEndless: true)])
    script.layerCount = 8
    let kit = try await KitScript(
      script,
      settings: ModelSettings(threadCount: 2, batchCount: 1)
    )
    let model = kit.model
    for try await _ in Conversation(model).send("Go.") {
      let task = Task { try await Conversation(model).answer("And?") }
      while await model.engine.statistics.waitingCount == 0 { await Task.yield() }
      task.cancel()
      await #expect(throws: CancellationError.self) { _ = try await task.value }
      break
    }
    try await Self.expectQuiet(model)
    #expect(await model.engine.statistics.promptCount < 64)
  }

  @Test func `a task that is cancelled inside a tool asks the model no more`() async throws {
    let script = try await KitScript(#"{"name": "wait", "arguments": {}}"#, "Done.")
    let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
    let wait = Tool("wait", "Waits.") { _ in
      beginning.finish()
      try await Task.sleep(for: .seconds(600))
      return "waited"
    }
    let conversation = Conversation(script.model, tools: [wait])
    let task = Task { try await conversation.answer("Go.") }
    for await _ in begun {}
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    try await Self.expectQuiet(script.model)
    #expect(await script.model.engine.statistics.endedCount == 1)
  }

  @Test func `a task that was cancelled before asks nothing`() async throws {
    let script = try await KitScript("Yes.")
    let model = script.model
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await Conversation(model).answer("Go.")
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    let statistics = await model.engine.statistics
    #expect(statistics.promptCount == 0 && statistics.passCount == 0)
  }
}
