// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import TestSupport
import Testing
import Tokenization
import Training

/// Supervised fine-tuning as a whole run.
///
/// Method: what a step says its loss is, is compared with the losses of its samples, each computed alone
/// by the code that answers users, over a count of targets that is made from the conversations.
@Suite struct FineTuningTests {
  private static let conversations = (0..<40).map { number in
    (
      question: TextFolder.text(number, wordCount: 2),
      answer: "The fox " + TextFolder.text(99 + number, wordCount: 1 + number % 2)
    )
  }

  private static let recipe = """
    stage: sft
    model: {config: config.json, deviation: 0.1}
    tokenizer: tokenizer
    data: [{shards: shards, identity: unchecked}]
    sequence: 60
    batch: 4
    steps: 10
    slots: 2
    learning_rate: {peak: 3e-3}
    checkpoints: {every: 100}
    mtp: {weight: 0}
    """

  /// A row's samples, each as a row of its own; its targets that count come from the mask.
  private func samples(of row: PackedRow, _ layout: RowLayout) -> [TrainingRow] {
    row.pieces.map { piece in
      let targets = piece.range.dropFirst()
      return TrainingRow([
        TrainingSequence(
          ids: Array(row.ids[piece.range.dropLast()]),
          targets: Array(row.ids[targets]),
          counts: Array(row.lossMask[targets])
        )
      ])
    }
  }

  @Test func `a token of packed documents stands in its own`() {
    func sequence(_ count: Int) -> TrainingSequence {
      let ids = [Int32](repeating: 1, count: count)
      return TrainingSequence(ids: ids, targets: ids)
    }
    let rows = [TrainingRow([sequence(3), sequence(5)]), TrainingRow([sequence(8)])]
    #expect(rows.attendedLength == Double(9 + 25 + 64) / 16)
    #expect([TrainingRow]().attendedLength == 0)
  }

  @Test func `each step's loss is that of the answers' tokens, each sample seen alone, and falls`()
    throws
  {
    let folder = try RecipeFolder(conversations: Self.conversations)
    let recipe = try folder.recipe(text: Self.recipe)
    let device = try CPUDevice(threadCount: 2)
    let materials = try RunMaterials(recipe, pool: device.pool)
    var losses: [Double] = []
    let run = try folder.run(
      recipe,
      out: "run",
      hooks: TrainingRun.Hooks(stepped: { losses.append($0.loss) })
    )
    let decoder = try Decoder(
      materials.architecture,
      source: run.trainer.parameters,
      device: device,
      computeType: recipe.computeType
    )
    let rows = materials.training.rows(from: 0, count: 4)
    let apart = rows.flatMap { samples(of: $0, materials.training.layout) }
    // Some samples share a row, else nothing is shown.
    #expect(apart.count > rows.count)
    let sum = try apart.reduce(0) { $0 + (try decoder.crossEntropy(of: $1).sum) }
    // The words of an answer, and the token that ends it.
    let lines = rows.flatMap { materials.training.documents(of: $0).map(\.line) }
    let count = try lines.reduce(0) { count, line in
      let answer = Self.conversations[line - 1].answer
      return count
        + (try materials.tokenizer.encode(answer, addsSpecialTokens: false).count) + 1
    }
    #expect(apart.reduce(0) { $0 + $1.targetCount } == count)
    // As one sequence the later samples of a row would see the earlier ones.
    let joined = try rows.reduce(0) { sum, row in
      let end = row.pieces.last?.range.upperBound ?? 0
      let sequence = TrainingSequence(
        ids: Array(row.ids[..<(end - 1)]),
        targets: Array(row.ids[1..<end]),
        counts: Array(row.lossMask[1..<end])
      )
      return sum + (try decoder.crossEntropy(of: TrainingRow([sequence])).sum)
    }
    #expect(try run.run())
    // Equal terms, added in another order in double precision.
    #expect(abs(losses[0] - sum / Double(count)) < 1e-12 * sum)
    #expect(abs(losses[0] - joined / Double(count)) > 1e-6)
    #expect(losses.count == 10)
    #expect(losses[9] < losses[0] && losses[9] < losses[4], "\(losses)")
  }

  @Test func `a sample changes no loss of those that share its row`() throws {
    let tiny = TinyRun(slotCount: 1)
    var sequences = TinyRun.rows(from: 1, count: 1)[0].sequences
    // Nothing of the changed sample is taught, so that the loss is the other's alone.
    for change in [0, 1] {
      var losses: Set<UInt64> = []
      for shift: Int32 in [0, 5] {
        var changed = sequences
        changed[change].ids = changed[change].ids.map { ($0 + shift) % 64 }
        changed[change].counts = changed[change].ids.map { _ in false }
        let outcome = try tiny.trainer().step([TrainingRow(changed)])
        #expect(outcome.targetCount == sequences[1 - change].ids.count)
        losses.insert(outcome.loss.bitPattern)
      }
      #expect(losses.count == 1)
    }
    // In one sequence it does change the loss.
    sequences[0].counts = sequences[0].ids.map { _ in false }
    sequences[1].counts = sequences[1].ids.map { _ in true }
    let losses = try [0, 5].map { (shift: Int32) in
      let joined = TrainingSequence(
        ids: sequences[0].ids.map { ($0 + shift) % 64 } + sequences[1].ids,
        targets: sequences[0].targets + sequences[1].targets,
        counts: (sequences[0].counts ?? []) + (sequences[1].counts ?? [])
      )
      return try tiny.trainer().step([TrainingRow([joined])]).loss
    }
    #expect(losses[0] != losses[1])
  }
}
