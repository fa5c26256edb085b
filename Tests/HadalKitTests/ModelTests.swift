// SPDX-License-Identifier: Apache-2.0

import HadalKit
import TestSupport
import Testing

/// Loading, and what is refused.
@Suite struct ModelTests {
  @Test func `nano is part of the program and adds`() async throws {
    let model = try await Model.nano()
    #expect(model.name == "nano" && model.contextLength >= 256)
    let answer = try await Conversation(model).answer("What is 12 + 30?")
    #expect(answer.text == "12 + 30 = 42")
    #expect(!answer.reasoning.isEmpty && answer.finish == .stop)
    #expect(answer.usage.reasoningCount > 0 && answer.usage.roundCount == 1)
  }

  @Test func `a folder that is not there is said, with what to do`() async {
    await #expect {
      _ = try await Model(folder: "/nowhere/at-all")
    } throws: { error in
      guard let error = error as? HadalError else { return false }
      return error.kind == .model && error.description.contains("/nowhere/at-all")
    }
  }

  @Test func `settings out of their range are refused before anything is read`() async {
    await #expect {
      _ = try await Model(folder: "/nowhere", settings: ModelSettings(threadCount: 0))
    } throws: { error in
      (error as? HadalError)?.description
        == "'threadCount' is 0, but must be 1…1024 (ModelSettings.threadCount)"
    }
  }

  @Test func `a model without a tokenizer says so where text is given`() async throws {
    let script = ScriptedModel([.init("Yes.")])
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try script.write(to: folder)
    SystemFolder.remove(folder + "/tokenizer.json")
    let model = try await Model(folder: folder)
    await #expect {
      _ = try await Conversation(model).answer("Hello")
    } throws: { error in
      guard let error = error as? HadalError else { return false }
      return error.kind == .prompt && error.remedy == "add the tokenizer's files"
    }
  }

  @Test func `a text's tokens can be counted`() async throws {
    let script = try await KitScript("Yes.")
    #expect(try script.model.tokenCount(of: "abc") == 3)
    #expect(try script.model.tokenCount(of: "</s>") == 4)
    #expect(try script.model.tokenCount(of: "") == 0)
  }
}
