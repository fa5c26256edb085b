// SPDX-License-Identifier: Apache-2.0

import HadalKit
import JSON
import TestSupport
import Testing

/// Answers that must be JSON, and schemas.
@Suite struct AnswerFormatTests {
  private struct City: Decodable, Equatable {
    var name: String
    var people: Int
  }

  private static let city: Schema = .object(["name": .string, "people": .integer])

  @Test func `an answer is read as a value`() async throws {
    let script = try await KitScript(#"{"name": "Köln", "people": 1000000}"#)
    let city = try await Conversation(script.model)
      .answer("Which city?", as: City.self, schema: Self.city)
    #expect(city == City(name: "Köln", people: 1_000_000))
  }

  @Test func `a model that would say something else cannot`() async throws {
    let script = try await KitScript("I would rather talk.")
    let color = try await Conversation(script.model)
      .answer("Which?", as: String.self, schema: .oneOf(["red", "green"]))
    #expect(["red", "green"].contains(color))
    let options = AnswerOptions(maxTokens: 60, format: .json)
    let answer = try await Conversation(script.model, options: options).answer("Which?")
    #expect(answer.text.hasPrefix("{"))
  }

  @Test func `an answer that is cut off, or no such value, says so`() async throws {
    let script = try await KitScript(#"{"name": "Köln", "people": 1000000}"#)
    let conversation = Conversation(script.model)
    await #expect {
      _ = try await conversation.answer(
        "Which city?",
        as: City.self,
        schema: Self.city,
        options: AnswerOptions(maxTokens: 2)
      )
    } throws: { error in
      (error as? HadalError)?.what == "the answer was cut off after 2 tokens"
    }
    await #expect {
      _ = try await Conversation(script.model)
        .answer("Which city?", as: [Int].self, schema: Self.city)
    } throws: { error in
      (error as? HadalError)?.kind == .unreadable
    }
  }

  @Test func `schemas are put together in order, and their faults said`() async throws {
    let schema = Schema.object(
      ["a": .array(of: .number), "b": .boolean.described("Whether \"so\".")],
      optional: ["b"]
    )
    #expect(
      schema.json
        == #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"number"}},"#
        + #""b":{"type":"boolean","description":"Whether \"so\"."}},"required":["a"],"#
        + #""additionalProperties":false}"#
    )
    let script = try await KitScript("Yes.")
    for schema: Schema in ["{", #"{"type":"nothing"}"#] {
      await #expect {
        let options = AnswerOptions(format: .schema(schema))
        _ = try await Conversation(script.model, options: options).answer("Hello")
      } throws: { error in
        (error as? HadalError)?.kind == .option
      }
    }
  }
}
