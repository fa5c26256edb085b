// SPDX-License-Identifier: Apache-2.0

import HadalKit
import Inference
import JSON
import Synchronization
import TestSupport
import Testing

/// Tools of the program that a model calls.
@Suite struct ToolTests {
  private struct Sum: Decodable {
    var a: Int
    var b: Int
  }

  private static let call = #"{"name": "add", "arguments": {"a": 12, "b": 30}}"#
  private static let add = Tool(
    "add",
    "Adds two numbers.",
    parameters: .object(["a": .integer, "b": .integer])
  ) { (sum: Sum) in "\(sum.a + sum.b)" }

  @Test func `a tool is called, the model told its result, and the answer comes`() async throws {
    let script = try await KitScript(Self.call, "It is 42.", countsTools: true)
    let conversation = Conversation(script.model, tools: [Self.add])
    var calls: [ToolCall] = []
    var text = ""
    var answer: Answer?
    for try await piece in conversation.send("How much is 12 and 30?") {
      if let call = piece.call { calls.append(call) }
      text += piece.text
      answer = piece.answer
    }
    #expect(calls.map(\.result) == [nil, "42"])
    #expect(calls.allSatisfy { $0.name == "add" && $0.arguments == #"{"a": 12, "b": 30}"# })
    #expect(text == "It is 42." && answer?.text == text)
    #expect(answer?.calls == [calls[1]] && answer?.usage.roundCount == 2)
    #expect(conversation.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
    #expect(conversation.messages[1].calls.map(\.id) == [calls[0].id])
    #expect(conversation.messages[2] == Message(.tool, "42", callID: calls[0].id))
  }

  @Test func `several calls of one answer are made one after the other`() async throws {
    let calls = #"""
      {"name": "add", "arguments": {"a": 1, "b": 2}}; {"name": "twice", "arguments": {"x": 3}}
      """#
    let script = try await KitScript(calls, "Unheard.", "Done.", countsTools: true)
    let log = Order()
    let twice = Tool("twice", "Doubles.", parameters: .object(["x": .integer])) { json in
      log.note(json)
      return "6"
    }
    let add = Tool("add", "Adds.", parameters: .object(["a": .integer, "b": .integer])) {
      (sum: Sum) in
      try await Task.sleep(for: .milliseconds(20))
      log.note("add")
      return "\(sum.a + sum.b)"
    }
    let answer = try await Conversation(script.model, tools: [add, twice]).answer("Go.")
    #expect(log.all == ["add", #"{"x": 3}"#])
    #expect(answer.calls.map(\.result) == ["3", "6"])
    #expect(Set(answer.calls.map(\.id)).count == 2)
  }

  /// What was called, in order.
  private final class Order: Sendable {
    private let list = Mutex<[String]>([])
    var all: [String] { list.withLock { $0 } }
    func note(_ name: String) { list.withLock { $0.append(name) } }
  }

  @Test func `a model that does not stop calling is stopped`() async throws {
    let script = try await KitScript(Self.call)
    let conversation = Conversation(
      script.model,
      tools: [Self.add],
      options: AnswerOptions(toolRounds: 3)
    )
    await #expect {
      _ = try await conversation.answer("Go.")
    } throws: { error in
      guard let error = error as? HadalError else { return false }
      return error.kind == .toolRounds && error.what.contains("3 rounds") && error.remedy != nil
    }
    #expect(conversation.messages.isEmpty)
    #expect(await script.model.engine.statistics.endedCount == 4)
  }

  @Test func `arguments that do not fit are told the model, what a tool throws the program`()
    async throws
  {
    struct Broken: Error, Equatable {}
    let script = try await KitScript(
      #"{"name": "add", "arguments": {"a": "x"}}"#,
      "Sorry.",
      countsTools: true
    )
    let answer = try await Conversation(script.model, tools: [Self.add]).answer("Go.")
    #expect(answer.text == "Sorry.")
    #expect(answer.calls[0].result?.hasPrefix("error: the arguments are not what 'add'") == true)
    let broken = Tool("add", "Adds.") { _ in throw Broken() }
    let conversation = Conversation(script.model, tools: [broken])
    await #expect(throws: Broken()) { _ = try await conversation.answer("Go.") }
    #expect(conversation.messages.isEmpty)
  }

  @Test func `a call can be asked for, and its arguments then keep to the schema`() async throws {
    let script = try await KitScript("I would rather not.", "Fine.", countsTools: true)
    let digit: Schema = #"{"type":"integer","minimum":1,"maximum":9}"#
    let add = Tool("add", "Adds.", parameters: .object(["a": digit, "b": digit])) {
      (sum: Sum) in "\(sum.a + sum.b)"
    }
    for choice in [ToolChoice.required, .named("add")] {
      let options = AnswerOptions(
        temperature: 1,
        seed: 3,
        thinkingBudget: 3,
        toolChoice: choice,
        allowsSeveralCalls: false
      )
      let conversation = Conversation(script.model, tools: [add], options: options)
      let answer = try await conversation.answer("Go.")
      #expect(answer.calls.count == 1 && answer.usage.roundCount == 2)
      for call in answer.calls {
        let value = try JSONDocument(Array(call.arguments.utf8)).root
        #expect((1...9).contains(value["a"]?.integer ?? 0))
        #expect((1...9).contains(value["b"]?.integer ?? 0))
      }
    }
    let none = Conversation(
      script.model,
      tools: [add],
      options: AnswerOptions(toolChoice: ToolChoice.none)
    )
    #expect(try await none.answer("Go.").calls.isEmpty)
  }

  @Test func `tools that cannot be used are refused by name`() async throws {
    let script = try await KitScript("Yes.")
    let tools: [([Tool], String)] = [
      ([Tool("a b", "Has a space.") { $0 }], "tool 'a b'"),
      ([Tool("twice", "One.") { $0 }, Tool("twice", "Two.") { $0 }], "tool 'twice'"),
      ([Tool("list", "No object.", parameters: .integer, isStrict: true) { $0 }], "tool 'list'"),
      (
        [
          Tool(
            "loose",
            "Not strict.",
            parameters: .object(["a": .integer], optional: ["a"]),
            isStrict: true
          ) { $0 }
        ], "tool 'loose'"
      ),
    ]
    for (tools, place) in tools {
      await #expect {
        _ = try await Conversation(script.model, tools: tools).answer("Hello")
      } throws: { error in
        guard let error = error as? HadalError else { return false }
        return error.kind == .option && error.place == place
      }
    }
    await #expect {
      let options = AnswerOptions(toolChoice: .named("fly"))
      _ = try await Conversation(script.model, tools: [Self.add], options: options).answer("Hello")
    } throws: { error in
      (error as? HadalError)?.what == "no tool is called 'fly'"
    }
  }
}
