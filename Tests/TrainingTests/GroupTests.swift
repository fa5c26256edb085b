// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import JSON
import Models
import Testing
import Training

/// Ranks that share a run's slots.
///
/// Method: the same steps by 1, 2 and 4 ranks of one process, and by a trainer that knows no ranks; all
/// that a run comes to is compared as bits, in every rank.
@Suite struct GroupTests {
  enum Kind: CaseIterable {
    case mixture
    case dense

    func architecture() throws -> Architecture {
      guard self == .dense else { return try TinyRun.architecture() }
      // A tied table has two uses, each with a sum of its own.
      let text = """
        {"model_type":"qwen2","architectures":["Qwen2ForCausalLM"],"vocab_size":64,"hidden_size":40,
        "intermediate_size":56,"num_hidden_layers":2,"num_attention_heads":4,
        "num_key_value_heads":2,"hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":10000,
        "max_position_embeddings":64,"tie_word_embeddings":true,"bos_token_id":0,"eos_token_id":1}
        """
      return try Architecture(configuration: JSONDocument(Array(text.utf8)).root)
    }
  }

  /// What a rank comes to.
  private struct Ending: Hashable, Sendable {
    var bits: [UInt32]
    var outcomes: [Trainer.Outcome]
    var cursor: RunCursor
  }

  private func ending(_ kind: Kind, _ run: TinyRun, _ group: any Group) throws -> Ending {
    let trainer = try run.trainer(kind.architecture(), group: group)
    let outcomes = try (0..<3).map { _ in try TinyRun.step(trainer) }
    return Ending(bits: TinyRun.bits(trainer), outcomes: outcomes, cursor: trainer.cursor)
  }

  @Test(arguments: Kind.allCases, ComputeType.allCases)
  func `1, 2 and 4 ranks come to the bits of a run without ranks`(
    kind: Kind,
    computeType: ComputeType
  ) throws {
    var run = TinyRun(computeType: computeType)
    // Three rows in four slots: the first slot, and with four ranks the first rank, has nothing to do.
    run.settings.length.firstRowCount = 3
    run.settings.biasSpeed.first = 0.01
    let whole = try ending(kind, run, SingleGroup())
    #expect(whole.outcomes.allSatisfy { $0.loss.isFinite && $0.fault == nil })
    if kind == .mixture {
      #expect(whole.outcomes.allSatisfy { $0.predictionLoss != nil && $0.balanceLoss != nil })
      #expect(whole.outcomes.allSatisfy { !$0.loads.isEmpty })
    }
    for rankCount in [1, 2, 4] {
      let endings = try LoopbackGroup.run(rankCount: rankCount) { group in
        // Ranks need not be alike in what changes no bit.
        var own = run
        own.passRowCount = 1 + group.rank
        return try ending(kind, own, group)
      }
      #expect(endings.count == rankCount)
      #expect(endings.allSatisfy { $0 == whole }, "\(rankCount) ranks")
    }
  }

  @Test(arguments: [(3, 4), (8, 4), (2, 1)])
  func `ranks that do not divide the slots are refused with both numbers`(
    rankCount: Int,
    slotCount: Int
  ) throws {
    let error = try #require(throws: TrainingError.self) {
      try LoopbackGroup.run(rankCount: rankCount) { group in
        _ = try TinyRun(slotCount: slotCount).trainer(group: group)
      }
    }
    #expect(error.reason == .ranksUnfit(rankCount: rankCount, slotCount: slotCount))
    #expect(error.exitCode == .configuration)
    #expect(error.what.contains("\(rankCount) ranks") && error.what.contains("\(slotCount) slot"))
  }

  private struct Failure: Error {}

  @Test func `a rank that fails or ends early keeps no other waiting`() throws {
    #expect(throws: Failure.self) {
      try LoopbackGroup.run(rankCount: 4) { group in
        _ = try group.gather([1])
        if group.rank == 2 { throw Failure() }
        _ = try group.gather([2])
      }
    }
    let error = try #require(throws: TrainingError.self) {
      try LoopbackGroup.run(rankCount: 2) { group in
        if group.rank == 0 { _ = try group.gather([1]) }
      }
    }
    #expect(error.reason == .rankLost && error.exitCode == .unavailable)
  }

  @Test func `numbers are handed around in the ranks' order, again and again`() throws {
    let all = try LoopbackGroup.run(rankCount: 4) { group in
      try (0..<50).map { round in
        try group.gather(Array(repeating: Double(round * 10 + group.rank), count: group.rank))
      }
    }
    let expected = (0..<50).map { round in
      (0..<4).map { rank in Array(repeating: Double(round * 10 + rank), count: rank) }
    }
    #expect(all.allSatisfy { $0 == expected })
  }

  // Powers of two of very different size: another order of the additions gives another sum.
  @Test func `tensors are added neighbors first, in every rank`() throws {
    let values: [Float] = [1, 1e8, -1e8, 1]
    let sums = try LoopbackGroup.run(rankCount: 4) { group in
      let own = values[group.rank]
      // Fewer rows than ranks, and more.
      return try [3, 5].map { rowCount in
        let tensor = try Tensor(Array(repeating: own, count: rowCount * 16), shape: [rowCount, 16])
        try group.sum(tensor, device: CPUDevice(threadCount: 1))
        return Set(tensor.floats)
      }
    }
    let sum = (values[0] + values[1]) + (values[2] + values[3])
    #expect(sums.allSatisfy { $0.allSatisfy { $0 == [sum] } })
    #expect(sum != ((values[0] + values[1]) + values[2]) + values[3])
  }
}
