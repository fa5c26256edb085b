// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Tokenization

/// What a chat template takes before each answer.
@Suite struct TemplateSpeedTests {
  private static let conversation: [PromptValue] = (0..<20).map { index in
    let role = index % 2 == 0 ? "user" : "assistant"
    let text = "This is message \(index). " + String(repeating: "It says a little more. ", count: 8)
    return .object([.init("role", .string(role)), .init("content", .string(text))])
  }

  private static let longest: String? = {
    let sizes = OracleTemplates.names.compactMap { name in
      (try? OracleTemplates.text(name)).map { (name, $0.utf8.count) }
    }
    return sizes.max { $0.1 < $1.1 }?.0
  }()

  @Test func `twenty messages take a millisecond at most with the longest template`() throws {
    let name = try #require(Self.longest)
    let now = try #require(OracleTemplates.now)
    let template = try ChatTemplate(OracleTemplates.text(name), name: name)
    let tokens = SpecialTokens(["bos_token": .string("<s>"), "eos_token": .string("</s>")])
    let request = ChatRequest(messages: Self.conversation)
    // The debug build is some ten times slower.
    #if DEBUG
    let limit = Duration.milliseconds(20)
    #else
    let limit = Duration.milliseconds(1)
    #endif
    let least = try LeastTime.measure(within: limit, attempts: 2000) {
      let prompt = try template.render(request, specialTokens: tokens, time: now)
      #expect(prompt.text.contains("This is message 18."))
    }
    #expect(least <= limit, "\(name): \(least)")
  }
}
