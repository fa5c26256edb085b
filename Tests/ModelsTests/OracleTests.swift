// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Models
import TestSupport
import Testing

/// Whole models against the reference's recorded results, in FP32.
///
/// The bounds are those of the oracles' README: 2e-4 on logits and states (float32 against float64
/// differs by 6.5e-5, a mistake in the mathematics by 0.4 and more), 1e-5 on expert weights.
@Suite struct OracleTests {
  static let logitBound: Float = 2e-4
  static let expertWeightBound: Float = 1e-5

  @Test(arguments: CheckpointOracle.all)
  func `logits, states and experts are the reference's`(_ oracle: CheckpointOracle) throws {
    let decoder = try oracle.decoder(TestDevices.cpu())
    let outputs = try oracle.outputs()
    for prompt in try oracle.prompts() where prompt.ids.count <= decoder.lengthLimit {
      let trace = ForwardTraceRecorder()
      let result = try decoder.forward(
        [SequenceInput(ids: prompt.ids, cache: decoder.makeCache(), logitRows: .all)],
        trace: trace
      )
      let logits = try #require(outputs.tensor("\(prompt.name).logits"))
      #expect(
        result.logits.largestDifference(fromLastRowsOf: logits) <= Self.logitBound,
        "\(prompt.name)"
      )
      if let states = outputs.tensor("\(prompt.name).states") {
        let got = trace.states.flatMap { $0.flatMap { $0 } }
        #expect(got.count == states.count)
        let difference = zip(got, states.floats).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference <= Self.logitBound, "\(prompt.name)")
      }
      for (layer, choice) in trace.choices {
        let stored = "\(prompt.name).layer\(layer)."
        guard let experts = outputs.tensor(stored + "experts") else { continue }
        let weights = try #require(outputs.tensor(stored + "expert_weights"))
        #expect(choice.experts.map(Float.init) == experts.floats, "\(prompt.name) layer \(layer)")
        let difference = zip(choice.weights, weights.floats).map { abs($0 - $1) }.max() ?? 0
        #expect(difference <= Self.expertWeightBound, "\(prompt.name) layer \(layer)")
      }
    }
  }

  @Test(arguments: CheckpointOracle.all)
  func `every greedy token is the reference's`(_ oracle: CheckpointOracle) throws {
    let decoder = try oracle.decoder(TestDevices.cpu())
    for prompt in try oracle.prompts() {
      // Beyond its trained length dynamic NTK is refused; the stored tokens up to it still count.
      let wanted = prompt.greedy.prefix(max(decoder.lengthLimit - prompt.ids.count, 0))
      guard !wanted.isEmpty else { continue }
      let got = try decoder.greedy(prompt.ids, count: wanted.count)
      #expect(got == Array(wanted), "\(prompt.name)")
    }
  }

  @Test(arguments: CheckpointOracle.all.filter { $0.name.contains("mtp") })
  func `the prediction layer gives the reference's logits and drafts`(
    _ oracle: CheckpointOracle
  ) throws {
    let decoder = try oracle.decoder(TestDevices.cpu())
    try #require(decoder.predictsAhead)
    let outputs = try oracle.outputs()
    for prompt in try oracle.prompts() {
      if let stored = outputs.tensor("\(prompt.name).mtp_logits") {
        let logits = try decoder.aheadLogits(prompt.ids)
        let width = decoder.architecture.vocabularySize
        let rows = logits.suffix(stored.rowCount)
        let difference = zip(rows.joined(), stored.floats).map { abs($0 - $1) }.max() ?? .infinity
        #expect(rows.count * width == stored.count)
        #expect(difference <= Self.logitBound, "\(prompt.name)")
      }
      let all = try decoder.aheadLogits(prompt.ids + prompt.greedy)
      let drafts = all.suffix(prompt.greedy.count).map(\.indexOfLargest)
      #expect(drafts == prompt.drafts, "\(prompt.name)")
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `all families are among the oracles`() throws {
    let types = Set(try CheckpointOracle.all.map { try $0.architecture().modelType })
    #expect(
      types == [
        "llama", "qwen2", "qwen3", "qwen3_moe", "deepseek", "deepseek_v2", "deepseek_v3",
      ]
    )
  }
}
