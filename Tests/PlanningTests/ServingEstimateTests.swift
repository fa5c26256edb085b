// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import Planning
import Testing

/// What serving takes, against arithmetic by hand and DeepSeek's published day.
@Suite struct ServingEstimateTests {
  private func scenario(
    _ model: String = "deepseek-r1",
    count: Int = 144,
    device: String = "h800",
    precision: PlanPrecision = .fp8
  ) throws -> ServingScenario {
    ServingScenario(
      model: try KnownModels.catalog.model(model),
      device: try HardwareTable.named(device),
      deviceCount: count,
      precision: precision
    )
  }

  @Test func `a user gets the speed that was asked for, and no more requests fit`() throws {
    var question = try scenario()
    for speed in [5.0, 20, 40] {
      question.speed = speed
      let estimate = try ServingEstimate(question)
      #expect(estimate.speed >= speed * (1 - 1e-9))
      let held = estimate.memory.weights + estimate.decode.batch * estimate.cacheByteCountPerUser
      let isFull = held > 0.9 * question.device.memoryByteCount * (1 - 1e-9)
      #expect(isFull || estimate.speed <= speed * (1 + 1e-6))
      #expect(held <= 0.9 * question.device.memoryByteCount * (1 + 1e-9))
    }
  }

  @Test func `slower users make cheaper tokens`() throws {
    var question = try scenario()
    question.speed = 40
    let fast = try ServingEstimate(question)
    question.speed = 10
    let slow = try ServingEstimate(question)
    #expect(slow.decode.batch > fast.decode.batch)
    #expect(slow.decodeTokensPerSecond > fast.decodeTokensPerSecond)
    let (dear, cheap) = (
      try #require(fast.dollarsPerMillion(fast.decodeTokensPerSecond)),
      try #require(slow.dollarsPerMillion(slow.decodeTokensPerSecond))
    )
    #expect(cheap < dear)
  }

  @Test func `cache hits save reading, drafts save steps`() throws {
    var question = try scenario()
    let plain = try ServingEstimate(question)
    question.hitShare = 0.5
    #expect(try ServingEstimate(question).inputTokensPerSecond == 2 * plain.inputTokensPerSecond)
    question.hitShare = 0
    question.acceptance = 0.85
    let drafted = try ServingEstimate(question)
    #expect(drafted.decodeTokensPerSecond > plain.decodeTokensPerSecond)
    #expect(plain.cacheByteCountPerUser == 70_272 * (4096 + 512))
  }

  @Test func `one processor at batch 1 waits for its memory`() throws {
    // BF16 weights of 8 billion parameters, the embedding apart, over 461 GB/s.
    var question = try scenario("llama-3.1-8b", count: 1, device: "zen4", precision: .bf16)
    question.speed = 1e5
    let estimate = try ServingEstimate(question)
    let bytes = 2 * (8_030_261_248.0 - 128_256 * 4096) + 4608 * 131_072
    #expect(abs(estimate.decode.memory / (bytes / 461e9) - 1) < 1e-9)
    #expect(estimate.decode.batch == 1 && estimate.bound == .memory)
  }

  @Test func `what does not fit says what it would need`() throws {
    let question = try scenario(count: 4)
    let error = #expect(throws: PlanError.self) { try ServingEstimate(question) }
    #expect(error?.exitCode == .configuration && error?.what.contains("no layout fits") == true)
    let model = try KnownModels.catalog.model("deepseek-r1")
    let device = try HardwareTable.named("h800")
    let count = ServingScenario.smallestDeviceCount(model, device, .fp8, context: 4608)
    #expect(count > 8 && count <= 32)
    #expect(throws: Never.self) { try ServingEstimate(scenario(count: count)) }
  }

  @Test func `the object names prices, cache and margin`() throws {
    var question = try scenario()
    question.hitShare = 0.563
    let root = try JSONDocument(Array(ServingEstimate(question).json.text.utf8)).root
    #expect(root["list_price"]?["output"]?.double == 2.19)
    for key in ["batch", "cache_bytes_user", "margin", "step_s"] {
      #expect(root[key]?.double != nil)
    }
    for key in ["input", "input_miss", "output"] {
      #expect((root["usd_per_million"]?[key]?.double ?? 0) > 0)
    }
    #expect(root["prefill"]?["tokens_s_device"]?.double != nil)
    question.device = try HardwareTable.named("h200")
    let open = try JSONDocument(Array(ServingEstimate(question).json.text.utf8)).root
    #expect(open["margin"]?.isNull == true)
  }
}
