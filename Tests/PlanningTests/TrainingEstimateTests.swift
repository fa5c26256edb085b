// SPDX-License-Identifier: Apache-2.0

import JSON
import Planning
import Testing

/// What training takes, against figures that others published or that were derived by hand.
///
/// Method: DeepSeek-V3's layout has most of what can be wrong, and reference/costs.md derives its
/// memory and its traffic from the same rules by other code (costs_check.py).
@Suite struct TrainingEstimateTests {
  @Test func `V3's memory is what costs_check.py derives`() throws {
    let (scenario, layout) = try KnownModels.v3()
    let memory = try TrainingEstimate(scenario, layout: layout).memory
    // 8 bytes a parameter of 683 billion over 2,048 devices: 2.67 GB.
    #expect(abs(memory.optimizer / 2.67e9 - 1) < 0.01)
    // There the mean stage, 3.1 GB; here the fullest has 8 of 62 layers (15.6 billion that are no
    // routed expert, and a 64th of 665.2 billion that are), and 1.853 billion of embedding and head.
    let counted = 8.0 / 62 * (15.6e9 + 665.183e9 / 64) + 1.853358080e9
    #expect(abs(memory.weights / counted - 1) < 1e-3)
    #expect(memory.gradients == 4 * memory.weights)
    // There 17 micro-batches of 61 / 16 layers, 42.6 GB; here 4 layers, with three dense ones in 62.
    #expect((42.6e9 * 0.99...42.6e9 * 1.06).contains(memory.activations))
    #expect(memory.total < 80e9)
  }

  @Test func `V3's exchange of tokens is what costs_check.py derives`() throws {
    let (scenario, layout) = try KnownModels.v3()
    let parts = try TrainingEstimate(scenario, layout: layout).communication.parts
    let expert = try #require(parts.first { $0.purpose == "expert" && $0.link == .network })
    // 271 GB over 58 layers; the module for the token after next is a 59th.
    #expect(abs(expert.byteCount / (271e9 * 59 / 58) - 1) < 0.01)
    #expect(abs(expert.seconds - expert.byteCount / 40e9) < 1e-6)
  }

  @Test func `operations are those of its authors, and three numbers are told apart`() throws {
    let (scenario, layout) = try KnownModels.v3()
    let estimate = try TrainingEstimate(scenario, layout: layout)
    // 250.4 by costs_check.py; published 250 (Insights into DeepSeek-V3, table 2).
    #expect(abs(scenario.causalCount.total / 250.449887232e9 - 1) < 1e-9)
    #expect(scenario.fullCount.total > scenario.causalCount.total)
    #expect(estimate.hardwareOperations > scenario.causalCount.total)
    var again = layout
    again.recomputes = true
    let repeated = try TrainingEstimate(scenario, layout: again)
    #expect(abs(repeated.hardwareOperations / estimate.hardwareOperations - 4.0 / 3) < 1e-12)
    // Computed again is time, and no share of peak.
    #expect(repeated.step.products > 1.3 * estimate.step.products)
    #expect(repeated.shareOfPeak < estimate.shareOfPeak)
    #expect(repeated.memory.activations < estimate.memory.activations)
  }

  // DeepSeek-V3, table 2, with F = 1, B = 2, W = 1; interleaving divides (arXiv 2104.04473).
  @Test(arguments: [
    (PipelineSchedule.oneForwardOneBackward, 1, 45.0),
    (PipelineSchedule.oneForwardOneBackward, 5, 9.0), (PipelineSchedule.zeroBubble, 1, 15.0),
    (PipelineSchedule.dualPipe, 1, 14.0),
  ])
  func `bubbles are the published ones`(
    _ schedule: PipelineSchedule,
    _ chunks: Int,
    _ forwards: Double
  ) {
    #expect(schedule.bubble(pipeline: 16, chunks: chunks, backward: 2) == forwards)
  }

  @Test func `a run's hours, energy and money follow from its step`() throws {
    let (scenario, layout) = try KnownModels.v3()
    let estimate = try TrainingEstimate(scenario, layout: layout)
    let hours = try #require(estimate.deviceHours)
    let steps = 14.8e12 / (15_360 * 4096)
    #expect(abs(hours / (steps * estimate.step.total * 2048 / 3600) - 1) < 1e-12)
    #expect(abs((estimate.kilowattHours ?? 0) / (hours * 0.7) - 1) < 1e-12)
    let dollars = try #require(estimate.dollars)
    #expect(dollars.value == hours * 2)
    #expect(dollars.low < dollars.value && dollars.value < dollars.high)
    var other = scenario
    other.dollarsPerHour = 0
    #expect(try TrainingEstimate(other, layout: layout).dollars?.high == 0)
    other.tokenCount = nil
    let step = try TrainingEstimate(other, layout: layout)
    #expect(step.deviceHours == nil && step.dollars == nil && step.kilowattHours == nil)
    #expect(step.step == estimate.step)
  }

  @Test func `the parts of a step add up, and the largest names the bound`() throws {
    let (scenario, layout) = try KnownModels.v3()
    let step = try TrainingEstimate(scenario, layout: layout).step
    let sum =
      step.products + step.traffic + step.exposed + step.bubble + step.optimizer + step.waiting
    #expect(abs(sum / step.total - 1) < 1e-12)
    #expect(step.bound == .compute)
    // Sixteen times the stages' bubble on as many micro-batches as stages.
    var (deep, stages) = (scenario, ParallelLayout(pipeline: 32, expert: 64))
    deep.batchRowCount = 64
    #expect(try TrainingEstimate(deep, layout: stages).step.bound == .bubble)
    // Tensor parallelism over a slow link.
    stages = ParallelLayout(tensor: 128, expert: 16)
    deep.batchRowCount = 2048
    #expect(try TrainingEstimate(deep, layout: stages).step.bound == .network)
  }

  @Test(arguments: [0, 1, 2, 3])
  func `ZeRO divides what its stage says`(_ stage: Int) throws {
    let scenario = TrainingScenario(
      model: try KnownModels.catalog.model("llama-3.1-8b"),
      sequenceLength: 4096,
      device: try HardwareTable.named("h100"),
      deviceCount: 64,
      precision: .bf16
    )
    let memory = try TrainingEstimate(scenario, layout: ParallelLayout(zero: stage)).memory
    let count = 8_030_261_248.0
    #expect(memory.optimizer == 12 * count / (stage >= 1 ? 64 : 1))
    #expect(memory.gradients == 4 * count / (stage >= 2 ? 64 : 1))
    #expect(memory.weights == 2 * count / (stage >= 3 ? 64 : 1))
  }

  @Test func `the object has what the contract names`() throws {
    let (scenario, layout) = try KnownModels.v3()
    let text = try TrainingEstimate(scenario, layout: layout).json.text
    let root = try JSONDocument(Array(text.utf8)).root
    #expect(root["parameters"]?["total"]?.integer == 671_026_419_200)
    #expect(root["cache_bytes_per_token"]?.integer == 70_272)
    for key in ["causal", "full", "hardware"] {
      #expect((root["flops_per_token"]?[key]?.double ?? 0) > 0)
    }
    for key in ["step_s", "seconds", "hours", "energy_kwh"] {
      #expect((root[key]?.double ?? 0) > 0)
    }
    for key in ["low", "value", "high"] { #expect((root["cost_usd"]?[key]?.double ?? 0) > 0) }
    #expect(root["mfu"]?["peak"]?.string == "bf16")
    #expect(root["bound"]?.string == "compute")
    #expect((root["assumptions"]?.array?.count ?? 0) >= 4)
    let bare = try TrainingEstimate(KnownModels.v3(tokens: nil).0, layout: layout).json.text
    let open = try JSONDocument(Array(bare.utf8)).root
    for key in ["seconds", "hours", "energy_kwh", "cost_usd"] {
      #expect(open[key]?.isNull == true)
    }
  }
}
