// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Testing
import Training
import YAML

/// Recipes: what they mean, and what is said of those that cannot be read.
@Suite struct RecipeTests {
  private static let least = """
    model: {config: config.json}
    tokenizer: tokenizer
    data:
      - shards: shards
    sequence: 512
    batch: 8
    tokens: 1_000_000
    learning_rate: {peak: 4e-4, warm_up: 100}
    """

  private func recipe(_ text: String) throws -> Recipe {
    try Recipe(Array(text.utf8), file: "recipes/tiny.yaml")
  }

  @Test func `the least recipe is DeepSeek-V3's with paths from its own folder`() throws {
    let recipe = try recipe(Self.least)
    #expect(recipe.configurationPath == "recipes/config.json")
    #expect(recipe.sources.map(\.path) == ["recipes/shards"])
    #expect(recipe.stage == .pretrain && recipe.computeType == .bf16 && recipe.deviation == 0.006)
    #expect(recipe.settings.optimizer == AdamWSettings())
    #expect(recipe.settings.learningRate.phases == LearningRate.deepseekV3)
    #expect(recipe.settings.length.tokenBudget == 1_000_000)
    #expect(recipe.settings.length.stepCount == 245)
    #expect(recipe.settings.balanceWeight == 0.0001 && recipe.settings.biasSpeed.first == 0.001)
  }

  @Test func `a recipe of fine-tuning keeps samples apart and starts at its peak rate`() throws {
    let text = Self.least.replacing(", warm_up: 100", with: "") + "\nstage: sft"
    let tuning = try recipe(text)
    #expect(tuning.stage == .sft && tuning.packing == .apart && tuning.restartsDocuments)
    #expect(tuning.settings.learningRate.phases == LearningRate.fineTuning)
    #expect(tuning.settings.learningRate.warmUpSteps == 0)
    let other = try recipe(text + "\npacking: best-fit\nrestart_documents: false")
    #expect(other.packing == .bestFit && !other.restartsDocuments)
    let plain = try recipe(Self.least)
    #expect(plain.packing == .bestFit && !plain.restartsDocuments)
  }

  @Test(
    arguments: [
      ("batch: 8", "bach: 8", 78, "bach", "batch", 6),
      ("peak: 4e-4", "peek: 4e-4", 78, "'peek' in 'learning_rate'", "peak", 8),
      ("sequence: 512", "sequence: many", 78, "'many'", nil, 5),
      ("sequence: 512", "sequence: 1", 78, "2…1048576", nil, 5),
      ("- shards: shards", "- folder: shards", 78, "data.shards", "shards: FOLDER", 4),
      (
        "tokens: 1_000_000", "tokens: 5\nsteps: 5", 78, "steps",
        "keep one of the two, such as 'tokens'", 8
      ),
      ("tokens: 1_000_000", "tokens: 5\nslots: 3", 78, "a power of two", nil, 8),
      ("tokens: 1_000_000", "tokens: 5\nstage: rl", 78, "pretrain, sft", nil, 8),
    ] as [(String, String, Int32, String, String?, Int)]
  )
  func `a fault is named with its line and what was meant`(
    _ case: (old: String, new: String, code: Int32, what: String, remedy: String?, line: Int)
  ) throws {
    let text = Self.least.replacing(`case`.old, with: `case`.new)
    let error = try #require(throws: RecipeError.self) { try recipe(text) }
    #expect(error.what.contains(`case`.what), "\(error)")
    #expect(error.remedy == `case`.remedy)
    #expect(error.exitCode.rawValue == `case`.code)
    #expect(error.position?.line == `case`.line, "\(error)")
  }

  @Test func `the rate follows DeepSeek-V3's phases`() {
    let rate = LearningRate(peak: 2.2e-4, warmUpSteps: 2000, phases: LearningRate.deepseekV3)
    let value = { (step: Int, share: Double) in rate.rate(step: step, share: share) }
    #expect(value(1000, 0) == 1.1e-4 && value(2000, 0.01) == 2.2e-4 && value(5000, 0.5) == 2.2e-4)
    // Half of the cosine is the mean of its ends.
    #expect(abs(value(9000, (0.676 + 0.966) / 2) - 1.21e-4) < 1e-9)
    #expect(abs(value(9000, 0.97) - 2.2e-5) < 1e-12 && abs(value(9000, 0.99) - 7.3e-6) < 1e-8)
  }

  @Test func `the batch grows over its share of the tokens`() {
    let length = RunLength(
      sequenceLength: 10,
      firstRowCount: 2,
      rowCount: 10,
      rampShare: 0.5,
      tokenBudget: 1000
    )
    #expect([0, 250, 500, 900].map { length.rowCount(after: $0) } == [2, 6, 10, 10])
    var (tokens, steps) = (0, 0)
    while !length.isDone(tokens) {
      tokens += 10 * length.rowCount(after: tokens)
      steps += 1
    }
    #expect(steps == length.stepCount)
  }
}
