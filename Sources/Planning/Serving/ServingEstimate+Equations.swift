// SPDX-License-Identifier: Apache-2.0

extension ServingEstimate {
  private static let costs = "reference/costs.md 3.6"

  /// Every figure with its formula and the numbers that were put in.
  public var equations: [Equation] {
    stepEquations + speedEquations + moneyEquations
  }

  private var stepEquations: [Equation] {
    let model = scenario.model
    let bytes = decode.memory * scenario.device.bandwidth
    let cache = decode.batch * cacheByteCountPerUser
    return [
      Equation(
        "cache_user",
        "bytes of cache of one user",
        "c * k",
        [
          Equation.Input(
            "c",
            scenario.meanContext,
            "tokens in the mean: prompt and half an answer"
          ),
          Equation.Input("k", model.cacheByteCount(), "bytes a token, all layers"),
        ],
        cacheByteCountPerUser,
        "bytes",
        source: Self.costs
      ),
      Equation(
        "memory_s",
        "seconds in which weights and caches pass the memory in a step",
        "(W + b * u) / r",
        [
          Equation.Input("W", bytes - cache, "bytes of weights that the batch touches"),
          Equation.Input("b", decode.batch, "requests a device"),
          Equation.Input("u", cacheByteCountPerUser, "bytes of cache of one user"),
          Equation.Input("r", scenario.device.bandwidth, "bytes a second"),
        ],
        decode.memory,
        "s",
        source: Self.costs
      ),
      Equation(
        "step",
        "seconds of a step of decoding",
        "(max(M, C) + X) / g",
        [
          Equation.Input("M", decode.memory, "memory"),
          Equation.Input("C", decode.compute, "products at the kernels' share of the peak"),
          Equation.Input("X", decode.exchange, "exchange between devices"),
          Equation.Input("g", decode.cluster, "what waiting for other nodes leaves"),
        ],
        decode.total,
        "s",
        source: Self.costs
      ),
    ]
  }

  private var speedEquations: [Equation] {
    [
      Equation(
        "decode",
        "tokens a second of a device that writes answers",
        "b * (1 + a) / t",
        [
          Equation.Input("b", decode.batch, "requests a device"),
          Equation.Input("a", scenario.acceptance, "accepted tokens of a draft"),
          Equation.Input("t", decode.total, "seconds of a step"),
        ],
        decodeTokensPerSecond,
        "tokens/s",
        source: Self.costs
      ),
      Equation(
        "input",
        "tokens a second of a device that reads prompts",
        "p / (1 - h)",
        [
          Equation.Input("p", prefillTokensPerSecond, "tokens a second that no cache has"),
          Equation.Input("h", scenario.hitShare, "share that a cache has"),
        ],
        inputTokensPerSecond,
        "tokens/s",
        source: Self.costs
      ),
    ]
  }

  private var moneyEquations: [Equation] {
    guard let dollarsPerHour, let output = dollarsPerMillion(decodeTokensPerSecond),
      let input = dollarsPerMillion(inputTokensPerSecond)
    else { return [] }
    let hour = Equation.Input("u", dollarsPerHour, "US dollars an hour of a device")
    var equations = [
      Equation(
        "cost_output",
        "cost of a million tokens of output",
        "u / 3600 / v * 1000000",
        [hour, Equation.Input("v", decodeTokensPerSecond, "tokens a second of a device")],
        output,
        "USD",
        source: Self.costs
      ),
      Equation(
        "cost_input",
        "cost of a million tokens of input",
        "u / 3600 / v * 1000000",
        [hour, Equation.Input("v", inputTokensPerSecond, "tokens a second of a device")],
        input,
        "USD",
        source: Self.costs
      ),
    ]
    if let list = scenario.listPrice, let margin {
      equations.append(
        Equation(
          "margin",
          "revenue over cost, less 1",
          "(P * i + A * o) / (P * x + A * y) - 1",
          [
            Equation.Input("P", scenario.promptLength, "tokens of a prompt"),
            Equation.Input("A", scenario.answerLength, "tokens of an answer"),
            Equation.Input(
              "i",
              list.input(hitShare: scenario.hitShare),
              "price of a million tokens of input, hits at their own price (\(list.source))"
            ),
            Equation.Input("o", list.output, "price of a million tokens of output"),
            Equation.Input("x", input, "cost of a million tokens of input"),
            Equation.Input("y", output, "cost of a million tokens of output"),
          ],
          margin,
          "",
          source: Self.costs
        )
      )
    }
    return equations
  }
}
