// SPDX-License-Identifier: Apache-2.0

import Compute
import HadalKit
import Inference
import TestSupport
import Testing
import Tokenization

/// The library's answers against those of the generator behind `hadal run`, to the bit.
///
/// Method: the same prompts and seeds, once by the generator, each alone, and once by the library, all at
/// the same time. Ids are compared by their log-probabilities, which no two of them share.
@Suite struct SameAnswerTests {
  private static let stories = CheckpointOracle.all.first { $0.name == "real-stories260K" }
  private static let texts = (0..<12).map { "Once upon a time there were \($0) little" }

  private static func options(_ seed: Int) -> AnswerOptions {
    AnswerOptions(
      temperature: seed % 3 == 0 ? 0 : 0.9,
      topP: 0.95,
      topK: seed % 2 == 0 ? 40 : nil,
      seed: UInt64(seed),
      maxTokens: 24 + seed,
      topLogProbabilities: 2
    )
  }

  private static func sampling(_ options: AnswerOptions) -> SamplingParameters {
    SamplingParameters(
      temperature: options.temperature ?? 0,
      topK: options.topK ?? 0,
      topP: options.topP ?? 1,
      seed: options.seed ?? 0
    )
  }

  @Test func `many answers at once are those of the generator, each alone`() async throws {
    guard let oracle = Self.stories else { return }
    let alone = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let requests = try Self.texts.enumerated().map { index, text in
      let options = Self.options(index)
      return GenerationRequest(
        promptIDs: try alone.prompts.raw(text).ids,
        maxTokens: options.maxTokens ?? 0,
        sampling: Self.sampling(options),
        topLogProbabilities: 2
      )
    }
    let expected = try alone.makeGenerator(prefillChunk: 512).complete(requests, maxBatch: 1)
      .map { try $0.get() }
    let model = try await Model(folder: oracle.path, settings: ModelSettings(threadCount: 2))
    let answers = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
      for (index, text) in Self.texts.enumerated() {
        group.addTask {
          (index, try await model.complete(text, options: Self.options(index)).answer())
        }
      }
      return try await group.reduce(into: [Int: Answer]()) { $0[$1.0] = $1.1 }
    }
    for (index, completion) in expected.enumerated() {
      let answer = try #require(answers[index])
      #expect(answer.text == completion.text)
      #expect(answer.tokens.map(\.chosen.id) == completion.ids)
      #expect(
        answer.tokens.map(\.chosen.logProbability)
          == completion.logProbabilities.map(\.chosen.logProbability)
      )
      #expect(answer.tokens.allSatisfy { $0.top.count == 2 })
      #expect(answer.seed == UInt64(index) && answer.usage.answerCount == completion.ids.count)
    }
    #expect(await model.engine.statistics.meanBatch > 2)
  }

  @Test func `a conversation's answer is that of the command line`() async throws {
    let model = try await Model.nano()
    let folder = try #require(EmbeddedFile.path(ofFolder: "nano"))
    let alone = try LoadedModel(path: folder, device: TestDevices.cpu())
    let message = PromptValue.object([
      .init("role", .string("user")), .init("content", .string("What is 17 + 25?")),
    ])
    let prompt = try alone.prompts.chat(
      ChatRequest(messages: [message]),
      alone.prompts.makeEncoder(),
      time: LocalTime.now
    )
    let request = GenerationRequest(
      promptIDs: prompt.ids,
      maxTokens: 256,
      sampling: SamplingWish(temperature: 1.5, seed: 7).parameters(alone.defaults)
    )
    let completion = try alone.makeGenerator(prefillChunk: 512).complete([request], maxBatch: 1)[0]
      .get()
    let options = AnswerOptions(temperature: 1.5, seed: 7, maxTokens: 256)
    let answer = try await Conversation(model, options: options).answer("What is 17 + 25?")
    let expected = ReasoningText(completion.text, opensReasoning: prompt.opensReasoning)
    #expect(answer.text == expected.answer && answer.reasoning == expected.reasoning)
    #expect(answer.usage.promptCount == prompt.ids.count)
  }

  @Test func `a seed that was drawn gives the same answer again`() async throws {
    guard let oracle = Self.stories else { return }
    let model = try await Model(folder: oracle.path, settings: ModelSettings(threadCount: 2))
    var options = AnswerOptions(temperature: 1, maxTokens: 32)
    let first = try await model.complete("Once", options: options).answer()
    let other = try await model.complete("Once", options: options).answer()
    #expect(first.seed != other.seed)
    options.seed = first.seed
    #expect(try await model.complete("Once", options: options).answer().text == first.text)
  }
}
