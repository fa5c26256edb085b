// SPDX-License-Identifier: Apache-2.0

extension TrainingEstimate {
  /// Every figure with its formula and the numbers that were put in, each before those that use it.
  public var equations: [Equation] {
    operationEquations + memoryEquations + stepEquations + resultEquations
  }

  private static let costs = "reference/costs.md"

  private var operationEquations: [Equation] {
    let model = scenario.model
    let length = Double(scenario.sequenceLength)
    let causal = scenario.causalCount
    let full = scenario.fullCount
    let trained = scenario.trainedCount
    let met = Equation.Input("N", Double(model.metCount), "weights of matrices that a token meets")
    func attention(_ isCausal: Bool) -> Equation.Input {
      Equation.Input(
        "A",
        model.attentionOperations(sequenceLength: length, isCausal: isCausal),
        "FLOP of attention forward: over layers, 2 × scored numbers × keys in the mean"
      )
    }
    return [
      Equation(
        "causal",
        "operations of a trained token, half of the sequence seen",
        "3 * (2 * N + A)",
        [met, attention(true)],
        causal.total,
        "FLOP",
        source: Self.costs + " 3.2"
      ),
      Equation(
        "full",
        "the same, all of the sequence seen",
        "3 * (2 * N + A)",
        [met, attention(false)],
        full.total,
        "FLOP",
        source: Self.costs + " 3.2"
      ),
      Equation(
        "hardware",
        "operations that run: prediction and what is computed again included",
        "(C + M) * R",
        [
          Equation.Input("C", causal.total, "causal operations, FLOP"),
          Equation.Input("M", trained.prediction, "multi-token prediction, FLOP"),
          Equation.Input(
            "R",
            layout.recomputes ? 4.0 / 3 : 1,
            "4/3 where the forward pass is computed again"
          ),
        ],
        hardwareOperations,
        "FLOP",
        source: Self.costs + " 3.2"
      ),
      Equation(
        "cache",
        "bytes of cache a position",
        "E * 2",
        [Equation.Input("E", model.cacheByteCount(elementByteCount: 1), "numbers, all layers")],
        model.cacheByteCount(),
        "bytes",
        source: "DeepSeek-V2, table 1"
      ),
    ]
  }

  private var memoryEquations: [Equation] {
    let precision = scenario.precision
    let isAlone = scenario.deviceCount == 1
    func part(
      _ name: String,
      _ perParameter: Double,
      _ value: Double,
      from stage: Int
    ) -> Equation {
      let isDivided = layout.zero >= stage && !isAlone
      return Equation(
        name,
        "bytes of \(name) that the fullest device holds",
        "b * P",
        [
          Equation.Input("b", perParameter, "bytes a parameter in \(precision.rawValue)"),
          Equation.Input(
            "P",
            value / perParameter,
            isDivided
              ? "parameters, divided among all devices (zero=\(layout.zero))"
              : "parameters of a stage on one device, \(layout.text)"
          ),
        ],
        value,
        "bytes",
        source: Self.costs + " 3.3"
      )
    }
    let parts = [
      part("weights", precision.weightByteCount, memory.weights, from: 3),
      part("gradients", precision.gradientByteCount, memory.gradients, from: 2),
      part("optimizer", precision.optimizerByteCount, memory.optimizer, from: 1),
    ]
    let sum = Equation(
      "memory",
      "bytes that the fullest device holds",
      "W + G + O + K + L",
      [
        Equation.Input("W", memory.weights, "weights"),
        Equation.Input("G", memory.gradients, "gradients"),
        Equation.Input("O", memory.optimizer, "masters and moments"),
        Equation.Input(
          "K",
          memory.activations,
          "activations of the micro-batches in flight (arXiv 2205.05198; V3, section 3.3.3)"
        ),
        Equation.Input("L", memory.logits, "logits of a micro-batch"),
      ],
      memory.total,
      "bytes",
      source: Self.costs + " 3.3"
    )
    return parts + [sum]
  }

  private var stepEquations: [Equation] {
    let isProcessor = scenario.device.kind == .processor
    return (isProcessor ? [] : [productsEquation]) + sentEquations
      + (layout.pipeline > 1 ? [bubbleEquation] : []) + [stepEquation]
  }

  private var productsEquation: Equation {
    let shares = scenario.efficiencies
    return Equation(
      "products",
      "seconds of products in a step",
      "T / e / m",
      [
        Equation.Input(
          "T",
          step.peakProducts,
          "seconds at the peak: operations of the step over devices × peak of their precision"
        ),
        Equation.Input("e", shares.kernels(scenario.device.kind), "share of the peak, kernels"),
        Equation.Input(
          "m",
          scenario.model.hasMixture ? shares.mixture : 1,
          "what experts leave of it; 1 without experts"
        ),
      ],
      step.products,
      "s",
      source: Self.costs + " 3.5, shares fitted (Documentation/PlanCheck.md)"
    )
  }

  private var sentEquations: [Equation] {
    communication.parts.map { part in
      let rate = part.seconds > 0 ? part.byteCount / part.seconds : 0
      return Equation(
        "\(part.purpose)_\(part.link.rawValue)",
        "seconds of \(part.purpose) parallelism by the \(part.link.rawValue)'s link",
        "D / r",
        [
          Equation.Input("D", part.byteCount, "bytes that a device sends in a step"),
          Equation.Input("r", rate, "bytes a second, \(scenario.device.source)"),
        ],
        part.seconds,
        "s",
        source: Self.costs + " 3.4"
      )
    }
  }

  private var bubbleEquation: Equation {
    let backward: Double = layout.recomputes ? 3 : 2
    let count = layout.microBatchCount(
      deviceCount: scenario.deviceCount,
      batchRowCount: scenario.batchRowCount
    )
    return Equation(
      "bubble",
      "seconds in which a stage has nothing to do (\(layout.schedule.rawValue))",
      "S / n / (1 + B) * (\(layout.schedule.bubbleFormula))",
      [
        Equation.Input("S", step.products + step.traffic, "seconds of products and activations"),
        Equation.Input("n", Double(count), "micro-batches"),
        Equation.Input("B", backward, "backward over forward"),
        Equation.Input("PP", Double(layout.pipeline), "stages"),
        Equation.Input("V", Double(layout.chunks), "chunks a stage"),
      ],
      step.bubble,
      "s",
      source: "DeepSeek-V3, table 2; interleaved: arXiv 2104.04473, section 2.2"
    )
  }

  private var stepEquation: Equation {
    Equation(
      "step",
      "seconds of a step",
      "P + A + X + B + O + W",
      [
        Equation.Input("P", step.products, "products"),
        Equation.Input("A", step.traffic, "activations and logits through the memory"),
        Equation.Input(
          "X",
          step.exposed,
          "communication of the busier link, \(PlanNumber.exact(communication.longestSeconds)) s,"
            + " beyond what hides behind products and activations"
        ),
        Equation.Input("B", step.bubble, "bubble"),
        Equation.Input("O", step.optimizer, "optimizer"),
        Equation.Input(
          "W",
          step.waiting,
          "waiting: the sum of the others × (1 / cluster − 1) across nodes"
        ),
      ],
      step.total,
      "s",
      source: Self.costs + " 3.5"
    )
  }

  private var resultEquations: [Equation] {
    var equations = [
      Equation(
        "mfu",
        "share of the \(scenario.device.commonPeak.precision.rawValue) peak, causal operations",
        "C * b / t / n / p",
        [
          Equation.Input("C", scenario.causalCount.total, "causal operations a token, FLOP"),
          Equation.Input("b", scenario.tokensPerStep, "tokens of a step"),
          Equation.Input("t", step.total, "seconds of a step"),
          Equation.Input("n", Double(scenario.deviceCount), "devices"),
          Equation.Input("p", scenario.device.commonPeak.value, "peak of a device, FLOP/s"),
        ],
        shareOfPeak,
        "",
        source: Self.costs + " 3.5"
      )
    ]
    guard let tokens = scenario.tokenCount, let deviceHours else { return equations }
    equations.append(
      Equation(
        "hours",
        "hours of one device",
        "D / b * t * n / g / 3600",
        [
          Equation.Input("D", tokens, "tokens of the run"),
          Equation.Input("b", scenario.tokensPerStep, "tokens of a step"),
          Equation.Input("t", step.total, "seconds of a step"),
          Equation.Input("n", Double(scenario.deviceCount), "devices"),
          Equation.Input("g", scenario.goodput, "what restarts leave"),
        ],
        deviceHours,
        "h",
        source: Self.costs + " 3.5"
      )
    )
    let hours = Equation.Input("H", deviceHours, "hours of one device")
    if let kilowattHours, let watts = scenario.device.watts {
      equations.append(
        Equation(
          "energy",
          "energy of the devices alone",
          "H * w / 1000",
          [hours, Equation.Input("w", watts, "watts of a device")],
          kilowattHours,
          "kWh",
          source: Self.costs + " 3.5"
        )
      )
    }
    if let dollars, let dollarsPerHour {
      equations.append(
        Equation(
          "cost",
          "money for the hours",
          "H * u",
          [hours, Equation.Input("u", dollarsPerHour, "US dollars an hour")],
          dollars.value,
          "USD",
          source: Self.costs + " 3.5"
        )
      )
    }
    return equations
  }
}
